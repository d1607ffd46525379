import { beforeAll, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { declaredKinds } from './support/fixtures/declared-kinds.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
  for (const kind of declaredKinds) await server.trpc('admin.kinds.put', kind, bearer(hostKey))
})

const mint = (input: object, key: string) => server.post('/v1/tokens', input, bearer(key))
const redeem = (token: string, kind: string, key: string) =>
  server.post('/v1/tokens/redeem', { token, kind }, bearer(key))

test('a key with the scope of one kind mints or redeems its tokens, and does nothing else', async () => {
  const mintOnly = await admin.createKey(['kind:opaque-once:mint'])
  const redeemOnly = await admin.createKey(['kind:opaque-once:redeem'])
  const subject = 'user_42'
  const { token } = await bodyOf<{ token: string }>(await mint({ kind: 'opaque-once', subject }, mintOnly.secret))
  for (const kind of ['jwt-any', 'unknown-kind']) {
    expect(await refusal(await mint({ kind, subject }, mintOnly.secret))).toBe('403 FORBIDDEN')
    expect(await refusal(await redeem(token, kind, redeemOnly.secret))).toBe('403 FORBIDDEN')
  }
  expect(await refusal(await redeem(token, 'opaque-once', mintOnly.secret))).toBe('403 FORBIDDEN')
  expect(await refusal(await mint({ kind: 'opaque-once', subject }, redeemOnly.secret))).toBe('403 FORBIDDEN')
  for (const kind of [undefined, 7, 'Not A Name'])
    expect((await mint({ kind, subject }, mintOnly.secret)).status).toBe(422)
  const introspection = await server.postForm('/oauth2/introspect', { token }, bearer(redeemOnly.secret))
  expect(introspection.status).toBe(403)
  expect((await redeem(token, 'opaque-once', redeemOnly.secret)).status).toBe(200)
  const caller = await bodyOf<{ api_key: object }>(await server.get('/v1/admin/caller', bearer(mintOnly.secret)))
  expect(caller.api_key).toMatchObject({ scopes: ['kind:opaque-once:mint'] })
})

test('a key grants the scope of one kind only if it holds it', async () => {
  const grant = (scope: string, key: string) => server.post('/v1/admin/api_keys', { scopes: [scope] }, bearer(key))
  const holder = await admin.createKey(['admin', 'kind:jwt-any:mint'])
  expect((await grant('kind:jwt-any:mint', holder.secret)).status).toBe(200)
  for (const scope of ['kinds:mint', 'kind:jwt-once:mint', 'kind:jwt-any:redeem'])
    expect(await refusal(await grant(scope, holder.secret))).toBe('403 FORBIDDEN')
  for (const scope of ['kind:jwt-any', 'kind:Jwt:mint', 'kind:jwt-any:revoke', 'kind:jwt-any:mint:x'])
    expect((await grant(scope, hostKey)).status).toBe(422)
})
