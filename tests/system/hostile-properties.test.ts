import type { Operation } from '@hallpass/contracts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpoints, headersFor, named, requestToChange, sendChanged, validRequest } from './support/http/endpoints.js'
import { type RawHttpResponse, sendRaw } from './support/http/raw-http.js'
import { expectRefusal, type Wording } from './support/http/refusal-shape.js'
import { inputOf } from './support/parity/parity-cases.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(async () => {
  for (const operation of endpoints) {
    const response = await sendRaw(server.url, await validRequest(server, operation))
    expect(response.status, `${operation.id} still works`).toBe(200)
  }
  await server.stop()
})

// `npm run test:chaos` runs 100
const runs = { numRuns: Number(process.env.HALLPASS_PROPERTY_RUNS ?? 4) }
const tracing = [['Request-Id', 'hostile request']] as const

/** Expects a success or a documented refusal, never a server error. */
function expectResponse(wording: Wording, response: RawHttpResponse): void {
  expect(response.status, response.body).toBeLessThan(500)
  if (response.status >= 400) expectRefusal(wording, response)
  else expect(response.headers.get('content-type')).toBe('application/json')
}

const names = ['__proto__', 'constructor', 'toString', '', '\u0000', '\ud800', 'a.b', '0', 'length']
/** Any JSON, often with names and texts that have caused trouble elsewhere. */
const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4, noUnicodeString: false }),
  fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary' })), fc.jsonValue({ maxDepth: 2 })),
)
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...names, 'x'.repeat(1025), 'null', '1e999'))

/** Bytes that are valid in a header value (RFC 9110 section 5.5), without white space at the ends. */
const fieldValue = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(0x09)), {
    maxLength: 300,
  })
  .map((bytes) => String.fromCharCode(...bytes))

/** A way to send any body to an endpoint, in the documented encoding and in tRPC's. */
async function senderTo(operation: Operation) {
  const headers = headersFor(operation)
  const type = operation.body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  // the ids in its path are valid, which takes a few calls, so that one request is used for all bodies
  const { method, target } = await validRequest(server, operation)
  return async (body: string) => ({
    atRest: await sendRaw(server.url, {
      method,
      target,
      body,
      headers: [...headers, ['Content-Type', type], ...tracing],
    }),
    atTrpc: await sendRaw(server.url, {
      method: 'POST',
      target: `/trpc/${operation.id}`,
      body,
      headers: [...headers, ['Content-Type', 'application/json'], ...tracing],
    }),
  })
}

function expectResponses(
  operation: Operation,
  { atRest, atTrpc }: { atRest: RawHttpResponse; atTrpc: RawHttpResponse },
): void {
  expectResponse(operation.dialect, atRest)
  expectResponse('trpc', atTrpc)
}

describe.each(named(endpoints.filter(({ body }) => body !== 'ignored')))('%s, with any body', (_id, operation) => {
  test('gives a documented response to any JSON', async () => {
    const send = await senderTo(operation)
    await fc.assert(
      fc.asyncProperty(anyJson, async (value) => expectResponses(operation, await send(JSON.stringify(value)))),
      runs,
    )
  })

  test('gives a documented response to any change of a valid input', async () => {
    const valid = await inputOf(server, operation, { what: 'a valid call', expected: 200 })
    const fields = Object.keys(valid)
    if (fields.length === 0) return
    const send = await senderTo(operation)
    const value = fc.oneof(anyJson, anyText, fc.constantFrom({ length: { toString: 0 } }, { size: { valueOf: 0 } }))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), value, async (name, changed) => {
        expectResponses(operation, await send(JSON.stringify({ ...valid, [name]: changed })))
      }),
      runs,
    )
  })

  test('gives a documented response to any bytes', async () => {
    const send = await senderTo(operation)
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array).toString('latin1'))
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => expectResponses(operation, await send(body))),
      runs,
    )
  })
})

describe.each(named(endpoints))('%s, with any headers', (_id, operation) => {
  const headerName = fc.constantFrom(
    'Authorization',
    'Idempotency-Key',
    'Request-Id',
    'Correlation-Id',
    'Straddle-Account-Id',
    'Origin',
    'Content-Type',
    'Accept',
    'X-Forwarded-For',
    'If-None-Match',
    'trpc-accept',
    'Cookie',
  )

  test('gives a documented response to any values', async () => {
    await fc.assert(
      fc.asyncProperty(headerName, fieldValue, async (name, value) => {
        const { headers } = await requestToChange(server, operation)
        const others = headers.filter(([other]) => other !== name)
        const response = await sendChanged(server, operation, { headers: [...others, [name, value]] })
        if (response.status !== 304) expectResponse(operation.dialect, response)
      }),
      runs,
    )
  })
})

describe('an arbitrary path', () => {
  const families = [
    ['/v1/bridge', 'envelope'],
    ['/api/v1/widget', 'text'],
    ['/v1/cards', 'code'],
    ['/oauth2', 'oauth'],
    ['/trpc', 'trpc'],
  ] as const
  test.each(families)('gets a response in the dialect of its family: %s', async (prefix, wording) => {
    const part = fc.oneof(
      fc.webPath(),
      fc.string({ unit: 'grapheme-ascii' }).map((text) => `/${encodeURIComponent(text)}`),
      fc.webQueryParameters().map((query) => `/?${query}`),
    )
    await fc.assert(
      fc.asyncProperty(part, fc.constantFrom('GET', 'POST', 'PUT'), async (rest, method) => {
        const target = prefix + (rest.startsWith('/') ? rest : `/${rest}`)
        const response = await sendRaw(server.url, { method, target, headers: tracing })
        expectRefusal(wording, response)
      }),
      runs,
    )
  })
})
