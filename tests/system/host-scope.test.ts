import { type Operation, operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

/** Operations that affect every account of the server, and therefore require a scope that `*` does not include. */
const serverWide = ['admin.signingKeys.list', 'admin.signingKeys.rotate', 'admin.signingKeys.revoke']

const all: readonly Operation[] = Object.values(operations)
const hostOnly = all.filter(({ caller }) => caller.by === 'secret_key' && caller.scope === 'host')

const server = withServer({ fixture: fixtureWithHost })

const kids = async () => {
  const { keys } = await (await server.get('/.well-known/jwks.json')).json()
  return keys.map(({ kid }: { kid: string }) => kid)
}

test('the operations with the scope host are those of the whole server', () => {
  expect(hostOnly.map(({ id }) => id)).toEqual(serverWide)
  const signing = all.filter(({ id }) => /signing|server|master|data_?key|metrics/i.test(id))
  expect(signing.map(({ id }) => id)).toEqual(serverWide)
})

describe.each(hostOnly.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  test.each([
    ['*', acme.key],
    ['an account key made by a host key', undefined],
  ])('403 for a key with %s over every transport, and nothing changes', async (_, given) => {
    const made = async () => {
      const response = await server.post('/v1/admin/api_keys', { scopes: ['*', 'admin'] }, bearer(hostKey))
      return (await response.json()).secret as string
    }
    const key = given ?? (await made())
    const [kid] = await kids()
    const input = id === 'admin.signingKeys.revoke' ? { kid } : {}
    const path = operation.paths[0]?.replace('{kid}', kid) ?? ''
    const isQuery = operation.kind === 'query'
    const rest = isQuery ? await server.get(path, bearer(key)) : await server.post(path, {}, bearer(key))
    const rpc = isQuery
      ? await server.get(`/trpc/${id}?input=${encodeURIComponent('{}')}`, bearer(key))
      : await server.trpc(id, input, bearer(key))
    expect([rest.status, rpc.status]).toEqual([403, 403])
    expect(await kids()).toEqual([kid])
  })
})
