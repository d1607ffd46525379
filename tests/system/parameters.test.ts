import type { Operation } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { endpoints, endpointsAccepting, named, validRequest } from './support/http/endpoints.js'
import { sendRaw } from './support/http/raw-http.js'
import { expectRefusal } from './support/http/refusal-shape.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: parityFixture })

const tracing = ['Request-Id', 'hostile request'] as const
const parameters = (count: number) => Array.from({ length: count }, (_, i) => `n${i}=1`).join('&')

/** A valid request with this many more parameters in its query. */
async function withQuery(operation: Operation, count: number) {
  const request = await validRequest(server, operation)
  const target = `${request.target}${request.target.includes('?') ? '&' : '?'}${parameters(count)}`
  return sendRaw(server.url, { ...request, target, headers: [...request.headers, tracing] })
}

describe.each(named(endpoints))('the query of %s', (_id, operation) => {
  test('400 for more than 64 parameters, in the dialect of the operation', async () => {
    const answer = await withQuery(operation, 65)
    expectRefusal(operation.dialect, answer, 400)
  })

  test('200 with unknown parameters', async () => {
    expect((await withQuery(operation, 60)).status).toBe(200)
  })
})

describe.each(named(endpointsAccepting('form')))('the form of %s', (_id, operation) => {
  test('400 for more than 64 parameters, 200 for 64', async () => {
    for (const [count, status] of [
      [65, 400],
      [64, 200],
    ] as const) {
      const request = await validRequest(server, operation)
      const own = new URLSearchParams(String(request.body)).size
      const body = `${request.body}&${parameters(count - own)}`
      const answer = await sendRaw(server.url, { ...request, body, headers: [...request.headers, tracing] })
      if (status === 400) expectRefusal('oauth', answer, 400)
      else expect(answer.status).toBe(200)
    }
  })
})

describe('/trpc', () => {
  test.each(['GET', 'POST'])("400 for more than 64 parameters by %s, in tRPC's shape", async (method) => {
    const target = `/trpc/visitor.config?${parameters(65)}`
    const headers = [['Origin', acme.origin], ['Content-Type', 'application/json'], tracing] as const
    const answer = await sendRaw(server.url, { method, target, headers, body: '{}' })
    expectRefusal('trpc', answer, 400)
    expect(JSON.parse(answer.body).error.data.reason).toBe('malformed_request')
    expect(answer.headers.get('access-control-allow-origin')).toBe(acme.origin)
  })

  test('the first of two inputs is used', async () => {
    const input = encodeURIComponent(JSON.stringify({ client_key: acme.clientKey }))
    const response = await server.get(`/trpc/visitor.config?input=${input}&input=1`, { Origin: acme.origin })
    expect(response.status).toBe(200)
  })

  test.each([
    ['a procedure that does not exist', '/trpc/sk_test_leaked', false],
    ['a procedure of that name in a batch', '/trpc/visitor.config,sk_test_leaked?batch=1', true],
    ['too many calls', `/trpc/${'sk_test_leaked,'.repeat(30)}?batch=1`, true],
  ])('does not repeat the path of %s', async (_what, path, isBatch) => {
    const response = await server.post(path, { 0: { client_key: acme.clientKey } }, { Origin: acme.origin })
    const text = await response.text()
    expect(text).not.toContain('leaked')
    const error = isBatch ? JSON.parse(text).at(-1).error : JSON.parse(text).error
    expect(error.data).not.toHaveProperty('path')
    expect(error.message).toMatch(/No such procedure|at most 20 calls/)
  })

  test('names the procedure that refused', async () => {
    const response = await server.post('/trpc/visitor.config', {}, { Origin: acme.origin })
    expect((await response.json()).error.data.path).toBe('visitor.config')
  })
})
