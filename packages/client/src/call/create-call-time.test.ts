import { expect, test } from 'vitest'
import { createCall } from './create-call.js'

test('a call that exceeds its timeout fails with reason timeout and is not retried', async () => {
  const hanging = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const call = createCall({ baseUrl: 'https://pass.example', fetch: hanging, timeout: 20 })
  await expect(call({ id: 'a.b', repeat: 'read' }, {})).rejects.toMatchObject({ reason: 'timeout' })
})

test.each([Number.POSITIVE_INFINITY, 2 ** 40])('a timeout of %d does not end a call early', async (timeout) => {
  const fetch = async (_: unknown, init?: RequestInit) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    init?.signal?.throwIfAborted()
    return new Response('{"result":{"data":1}}')
  }
  const call = createCall({ baseUrl: 'https://pass.example', fetch, timeout })
  expect(await call({ id: 'a.b', repeat: 'read' }, {})).toMatchObject({ data: 1 })
})

test('an abort before the wait ends the wait', async () => {
  const fetch = async (_: unknown, init?: RequestInit) => {
    init?.signal?.throwIfAborted()
    return new Response('no', { status: 429, headers: { 'Retry-After': '20' } })
  }
  const controller = new AbortController()
  const call = createCall({ baseUrl: 'https://pass.example', fetch, onResponse: () => controller.abort() })
  const refused = call({ id: 'a.b', repeat: 'read' }, {}, { signal: controller.signal })
  await expect(refused).rejects.toMatchObject({ reason: 'aborted', details: { attempt: 2 } })
})

test('an abort during the wait ends the wait', async () => {
  const fetch = async (_: unknown, init?: RequestInit) => {
    init?.signal?.throwIfAborted()
    return new Response('{"error":{"message":"m","data":{"reason":"rate_limited","httpStatus":429}}}', {
      status: 429,
      headers: { 'Retry-After': '20' },
    })
  }
  const controller = new AbortController()
  const onResponse = () => setTimeout(() => controller.abort(), 10)
  const call = createCall({ baseUrl: 'https://pass.example', fetch, onResponse })
  const refused = call({ id: 'a.b', repeat: 'read' }, {}, { signal: controller.signal })
  await expect(refused).rejects.toMatchObject({ reason: 'aborted', details: { attempt: 2 } })
})
