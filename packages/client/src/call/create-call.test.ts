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

/** A caller to whom the service answers these, one after the other; the last one for ever. Waits cost no time. */
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

describe('a call that is refused for a passing reason', () => {
  test.each<[string, Repeat, Reply, boolean]>([
    ['429 was done nowhere', 'once', refusal('rate_limited', 429), true],
    ['a key whose first request runs', 'keyed', refusal('idempotency_in_progress', 409), true],
    ['a card key whose first request runs', 'keyed', refusal('idempotency_concurrent_use', 422), true],
    ['503 on a read', 'read', refusal('unavailable', 503), true],
    ['503 on what has a key', 'keyed', refusal('unavailable', 503), true],
    ['503 on what is the same twice', 'repeatable', refusal('unavailable', 503), true],
    ['503 on what must not be done twice', 'once', refusal('unavailable', 503), false],
    ['a gateway that gave up', 'keyed', { status: 504, body: 'no' }, true],
    ['a gateway that gave up on what must not be done twice', 'once', { status: 504, body: 'no' }, false],
    ['a limit on the way', 'once', { status: 429, body: 'no', headers: { 'Retry-After': '1' } }, true],
    [
      'a gateway that asks for too long a wait',
      'read',
      { status: 503, body: 'no', headers: { 'Retry-After': '120' } },
      false,
    ],
    ['no connection was made', 'once', notConnected, true],
    ['the connection broke', 'once', cutShort, false],
    ['the connection broke on what has a key', 'keyed', cutShort, true],
    ['500 says nothing of a next time', 'keyed', refusal('internal_error', 500), false],
    ['a refusal that stands', 'keyed', refusal('validation_failed', 422), false],
    ['what is not Hallpass', 'read', { status: 200, body: 'hello' }, false],
    [
      'x-should-retry: false stands above all',
      'read',
      refusal('unavailable', 503, { 'x-should-retry': 'false' }),
      false,
    ],
    ['x-should-retry: true', 'keyed', refusal('internal_error', 500, { 'x-should-retry': 'true' }), true],
    [
      'x-should-retry: true, of what must not be done twice',
      'once',
      refusal('internal_error', 500, { 'x-should-retry': 'true' }),
      false,
    ],
    ['a wait that is too long', 'read', refusal('rate_limited', 429, { 'Retry-After': '31' }), false],
  ])('%s (%s)', async (_, repeat, reply, again) => {
    const { run, requests } = caller([reply, done])
    const result = await run(repeat)
    if (again) expect(result).toEqual({ data: { ok: true }, attempt: 2 })
    else expect(result).toBeInstanceOf(HallpassClientError)
    expect(requests).toHaveLength(again ? 2 : 1)
  })

  test('gives up after maxRetries, with the last refusal', async () => {
    const { run, requests } = caller([refusal('unavailable', 503)])
    expect(await run('read')).toMatchObject({ reason: 'unavailable', details: { attempt: 3, status: 503 } })
    expect(requests).toHaveLength(3)
    const never = caller([refusal('unavailable', 503)], { maxRetries: 0 })
    expect(await never.run('read')).toMatchObject({ reason: 'unavailable', details: { attempt: 1 } })
    expect(await never.run('read', { maxRetries: 1 })).toMatchObject({ details: { attempt: 2 } })
  })

  test('waits as the server asks, or twice as long each time, and a random part of it', async () => {
    const asked = caller([refusal('unavailable', 503, { 'Retry-After': '7' }), done])
    await asked.run('read')
    expect(asked.waits).toEqual([7_100])
    const unasked = caller([refusal('unavailable', 503)], { maxRetries: 6 })
    await unasked.run('read', { timeout: 100_000 })
    expect(unasked.waits).toEqual([300, 600, 1_200, 2_400, 4_800, 6_000])
  })

  test('does not wait for what its timeout would cut off', async () => {
    const { run, waits } = caller([refusal('unavailable', 503, { 'Retry-After': '5' }), done], { timeout: 5_000 })
    expect(await run('read')).toMatchObject({ reason: 'unavailable', details: { retryAfter: 5 } })
    expect(waits).toEqual([])
  })
})

describe('an idempotency key', () => {
  const keyOf = ({ headers }: { readonly headers: Headers }) => headers.get('Idempotency-Key')

  test('is made where the operation knows one, new for each call and the same for its attempts', async () => {
    const { run, requests } = caller([cutShort, done])
    await run('keyed')
    await run('keyed')
    const [first, second, third] = requests.map(keyOf)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  test("is the caller's where one is given, and none where nothing is tried again or none is known", async () => {
    const { run, requests } = caller([done])
    await run('keyed', { idempotencyKey: 'my own key' })
    await run('keyed', { maxRetries: 0 })
    for (const repeat of ['once', 'read', 'repeatable'] as const) await run(repeat)
    expect(requests.map(keyOf)).toEqual(['my own key', null, null, null, null])
  })

  test("is the caller's also where it is given as a header, in whatever letters", async () => {
    const { run, requests } = caller([done])
    await run('keyed', { headers: { 'idempotency-key': 'my own key' } })
    expect(requests.map(keyOf)).toEqual(['my own key'])
  })

  test.each<[string, Reply]>([
    ['whose answer got lost', cutShort],
    ['that was refused', refusal('unavailable', 503)],
    ['that something else answered', { status: 504, body: 'no' }],
  ])('of a call %s stands in the failure, so that it can be tried again', async (_, reply) => {
    const { run, requests } = caller([reply])
    const { details } = (await run('keyed')) as HallpassClientError
    expect(details.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
    expect(details.idempotencyKey).toBe(requests[0]?.headers.get('Idempotency-Key'))
    expect(Object.keys(details)).not.toContain('headers')
  })
})

describe('what is sent', () => {
  test('reads by GET, all else by POST', async () => {
    const { run, requests } = caller([done])
    await run('read')
    await run('once')
    expect(requests.map(({ url, init }) => [init.method ?? 'GET', url, init.body])).toEqual([
      ['GET', 'https://pass.example/trpc/a.b?input=%7B%22x%22%3A1%7D', undefined],
      ['POST', 'https://pass.example/trpc/a.b', '{"x":1}'],
    ])
  })

  test("headers of the client and of the call, never in place of the client's own", async () => {
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

  test('a key that no header can hold is refused at once, and not quoted', () => {
    const create = () => createCall({ baseUrl: 'https://pass.example', apiKey: 'sk_test_one\nsk_test_two' })
    expect(create).toThrow(TypeError)
    expect(create).not.toThrow(/sk_test/)
  })

  test('an input that JSON cannot say is no fault of the network', async () => {
    const { call, requests } = caller([done])
    await expect(call({ id: 'a.b', repeat: 'once' }, { x: 1n })).rejects.toThrow(TypeError)
    expect(requests).toEqual([])
  })
})

test('onResponse is told of every answer, and what it throws is not hidden', async () => {
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
