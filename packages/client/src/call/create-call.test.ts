import type { Repeat } from '@hallpass/contracts/core'
import { describe, expect, test } from 'vitest'
import { HallpassClientError } from '../errors.js'
import { createCall } from './create-call.js'
import type { CallOptions, ClientOptions } from './options.js'

type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | Error

const done: Reply = { status: 200, body: { result: { data: { ok: true } } } }
const refusal = (reason: string, httpStatus: number, headers?: Record<string, string>): Reply => ({
  status: httpStatus,
  body: { error: { message: reason, data: { reason, httpStatus } } },
  ...(headers ? { headers } : {}),
})
const notConnected = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })
const cutShort = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'UND_ERR_SOCKET' }) })

/** A caller whose attempts get these replies in order, and then the last one repeatedly. Its waits take no time. */
function caller(replies: readonly Reply[], options: Partial<ClientOptions> = {}) {
  const requests: { readonly url: string; readonly init: RequestInit; readonly headers: Headers }[] = []
  const waits: number[] = []
  const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
    requests.push({ url: String(url), init, headers: new Headers(init.headers) })
    const reply = replies[Math.min(requests.length, replies.length) - 1]
    if (init.signal?.aborted) throw init.signal.reason
    if (!reply || reply instanceof Error) throw reply
    return new Response(JSON.stringify(reply.body), { status: reply.status, headers: reply.headers ?? {} })
  }
  let now = 0
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds)
    now += milliseconds
  }
  const call = createCall(
    { baseUrl: 'https://pass.example', fetch, ...options },
    { now: () => now, random: () => 0.5, sleep },
  )
  const run = (repeat: Repeat, more?: CallOptions) =>
    call({ id: 'a.b', repeat }, { x: 1 }, more).then(
      ({ data, response }) => ({ data, attempt: response.attempt }),
      (error: HallpassClientError) => error,
    )
  return { call, run, requests, waits }
}

describe('a failed call', () => {
  test.each<[string, Repeat, Reply, boolean]>([
    ['429, which had no effect', 'once', refusal('rate_limited', 429), true],
    ['409, whose key is in use', 'keyed', refusal('idempotency_in_progress', 409), true],
    ['422, whose card key is in use', 'keyed', refusal('idempotency_concurrent_use', 422), true],
    ['503 for a read', 'read', refusal('unavailable', 503), true],
    ['503 for a keyed operation', 'keyed', refusal('unavailable', 503), true],
    ['503 for a repeatable operation', 'repeatable', refusal('unavailable', 503), true],
    ['503 for an operation that must not run twice', 'once', refusal('unavailable', 503), false],
    ['a gateway timeout for a keyed operation', 'keyed', { status: 504, body: 'no' }, true],
    ['a gateway timeout for an operation that must not run twice', 'once', { status: 504, body: 'no' }, false],
    ['429 from a proxy', 'once', { status: 429, body: 'no', headers: { 'Retry-After': '1' } }, true],
    [
      '503 from a proxy with a long Retry-After',
      'read',
      { status: 503, body: 'no', headers: { 'Retry-After': '120' } },
      false,
    ],
    ['a refused connection', 'once', notConnected, true],
    ['a broken connection', 'once', cutShort, false],
    ['a broken connection for a keyed operation', 'keyed', cutShort, true],
    ['500', 'keyed', refusal('internal_error', 500), false],
    ['a final refusal', 'keyed', refusal('validation_failed', 422), false],
    ['a response that is not from Hallpass', 'read', { status: 200, body: 'hello' }, false],
    ['503 with x-should-retry: false', 'read', refusal('unavailable', 503, { 'x-should-retry': 'false' }), false],
    ['500 with x-should-retry: true', 'keyed', refusal('internal_error', 500, { 'x-should-retry': 'true' }), true],
    [
      '500 with x-should-retry: true for an operation that must not run twice',
      'once',
      refusal('internal_error', 500, { 'x-should-retry': 'true' }),
      false,
    ],
    ['429 with a long Retry-After', 'read', refusal('rate_limited', 429, { 'Retry-After': '31' }), false],
  ])('%s (%s) is retried only if that is safe', async (_, repeat, reply, again) => {
    const { run, requests } = caller([reply, done])
    const result = await run(repeat)
    if (again) expect(result).toEqual({ data: { ok: true }, attempt: 2 })
    else expect(result).toBeInstanceOf(HallpassClientError)
    expect(requests).toHaveLength(again ? 2 : 1)
  })

  test('is not retried after maxRetries, and throws the last error', async () => {
    const { run, requests } = caller([refusal('unavailable', 503)])
    expect(await run('read')).toMatchObject({ reason: 'unavailable', details: { attempt: 3, status: 503 } })
    expect(requests).toHaveLength(3)
    const never = caller([refusal('unavailable', 503)], { maxRetries: 0 })
    expect(await never.run('read')).toMatchObject({ reason: 'unavailable', details: { attempt: 1 } })
    expect(await never.run('read', { maxRetries: 1 })).toMatchObject({ details: { attempt: 2 } })
  })

  test('waits for Retry-After, or doubles a random wait each time', async () => {
    const asked = caller([refusal('unavailable', 503, { 'Retry-After': '7' }), done])
    await asked.run('read')
    expect(asked.waits).toEqual([7_100])
    const unasked = caller([refusal('unavailable', 503)], { maxRetries: 6 })
    await unasked.run('read', { timeout: 100_000 })
    expect(unasked.waits).toEqual([300, 600, 1_200, 2_400, 4_800, 6_000])
  })

  test('does not wait if the next attempt would exceed the timeout', async () => {
    const { run, waits } = caller([refusal('unavailable', 503, { 'Retry-After': '5' }), done], { timeout: 5_000 })
    expect(await run('read')).toMatchObject({ reason: 'unavailable', details: { retryAfter: 5 } })
    expect(waits).toEqual([])
  })
})

describe('an idempotency key', () => {
  const keyOf = ({ headers }: { readonly headers: Headers }) => headers.get('Idempotency-Key')

  test('is created for keyed operations: a new one for each call, the same for its retries', async () => {
    const { run, requests } = caller([cutShort, done])
    await run('keyed')
    await run('keyed')
    const [first, second, third] = requests.map(keyOf)
    expect(first).toMatch(/^\d{10,40}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  test("is the caller's if given, and is not created without retries or for other operations", async () => {
    const { run, requests } = caller([done])
    await run('keyed', { idempotencyKey: 'my own key' })
    await run('keyed', { maxRetries: 0 })
    for (const repeat of ['once', 'read', 'repeatable'] as const) await run(repeat)
    expect(requests.map(keyOf)).toEqual(['my own key', null, null, null, null])
  })

  test("is the caller's if given as a header, in any case", async () => {
    const { run, requests } = caller([done])
    await run('keyed', { headers: { 'idempotency-key': 'my own key' } })
    expect(requests.map(keyOf)).toEqual(['my own key'])
  })

  test.each<[string, Reply]>([
    ['whose response was lost', cutShort],
    ['that was refused', refusal('unavailable', 503)],
    ['that another server responded to', { status: 504, body: 'no' }],
  ])('of a call %s is in the error, so that the caller can retry', async (_, reply) => {
    const { run, requests } = caller([reply])
    const { details } = (await run('keyed')) as HallpassClientError
    expect(details.idempotencyKey).toMatch(/^\d{10,40}$/)
    expect(details.idempotencyKey).toBe(requests[0]?.headers.get('Idempotency-Key'))
    expect(Object.keys(details)).not.toContain('headers')
  })
})

describe('the request', () => {
  test('is a GET for reads and a POST for everything else', async () => {
    const { run, requests } = caller([done])
    await run('read')
    await run('once')
    expect(requests.map(({ url, init }) => [init.method ?? 'GET', url, init.body])).toEqual([
      ['GET', 'https://pass.example/trpc/a.b?input=%7B%22x%22%3A1%7D', undefined],
      ['POST', 'https://pass.example/trpc/a.b', '{"x":1}'],
    ])
  })

  test("has the headers of the client and of the call, which can't replace the client's own", async () => {
    const headers = { 'X-One': '1', 'X-Two': '1', authorization: 'Basic no' }
    const { run, requests } = caller([done], { apiKey: 'sk_test_x', headers })
    await run('once', { headers: { 'X-Two': '2' } })
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toEqual({
      authorization: 'Bearer sk_test_x',
      'content-type': 'application/json',
      'x-one': '1',
      'x-two': '2',
    })
    await run('once', { headers: { 'x-two': '2' } })
    expect(requests[1]?.headers.get('X-Two')).toBe('2')
  })

  test('throws at once for a key that no header can contain, without quoting it', () => {
    const create = () => createCall({ baseUrl: 'https://pass.example', apiKey: 'sk_test_one\nsk_test_two' })
    expect(create).toThrow(TypeError)
    expect(create).not.toThrow(/sk_test/)
  })

  test('throws a TypeError for an input that JSON cannot represent', async () => {
    const { call, requests } = caller([done])
    await expect(call({ id: 'a.b', repeat: 'once' }, { x: 1n })).rejects.toThrow(TypeError)
    expect(requests).toEqual([])
  })
})

test('onResponse receives every response, and its errors are thrown', async () => {
  const seen: unknown[] = []
  const { run } = caller([refusal('rate_limited', 429, { 'Request-Id': 'r1' }), done], {
    onResponse: ({ status, requestId, attempt }) => seen.push([status, requestId, attempt]),
  })
  await run('read')
  expect(seen).toEqual([
    [429, 'r1', 1],
    [200, undefined, 2],
  ])
  const failing = () => {
    throw new RangeError('mine')
  }
  expect(await run('read', { onResponse: failing })).toBeInstanceOf(RangeError)
})
