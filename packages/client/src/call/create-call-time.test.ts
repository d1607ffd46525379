import { expect, test } from 'vitest'
import { createCall } from './create-call.js'

test('timeout: a call that takes too long says so, and is not tried again', async () => {
  const hanging = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const call = createCall({ baseUrl: 'https://pass.example', fetch: hanging, timeout: 20 })
  await expect(call({ id: 'a.b', repeat: 'read' }, {})).rejects.toMatchObject({ reason: 'timeout' })
})

test.each([Number.POSITIVE_INFINITY, 2 ** 40])('a timeout of %d is a long one', async (timeout) => {
  const fetch = async (_: unknown, init?: RequestInit) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    init?.signal?.throwIfAborted()
    return new Response('{"result":{"data":1}}')
  }
  const call = createCall({ baseUrl: 'https://pass.example', fetch, timeout })
  expect(await call({ id: 'a.b', repeat: 'read' }, {})).toMatchObject({ data: 1 })
})

test('an abort before it waits ends the wait', async () => {
  const fetch = async (_: unknown, init?: RequestInit) => {
    init?.signal?.throwIfAborted()
    return new Response('no', { status: 429, headers: { 'Retry-After': '20' } })
  }
  const controller = new AbortController()
  const call = createCall({ baseUrl: 'https://pass.example', fetch, onResponse: () => controller.abort() })
  const refused = call({ id: 'a.b', repeat: 'read' }, {}, { signal: controller.signal })
  await expect(refused).rejects.toMatchObject({ reason: 'aborted', details: { attempt: 2 } })
})

test('an abort while it waits ends the wait', async () => {
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
