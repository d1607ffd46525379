import type { WidgetSession } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintUserToken, paths, refresh } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()

/** 4 KiB of JSON. */
const fullObject = {
  plan: 'x'.repeat(1_000),
  tier: 'y'.repeat(1_000),
  team: 'z'.repeat(1_000),
  role: 'r'.repeat(1_000),
  rest: 's'.repeat(4_096 - 4_051),
}

test('the longest token of user-token can be exchanged, and its session refreshed', async () => {
  const longest = '\u0001'.repeat(1_024)
  const email = `${'e'.repeat(60)}@${'a.'.repeat(92)}test.com`
  const person = { user_id: longest, display_name: longest, email, traits: fullObject }
  const session = await bodyOf<{ refresh_token: string; user: object }>(
    await server.postFromShop(paths.exchange, { token: await mintUserToken(server, person) }),
  )
  expect(session.user).toEqual({ id: longest, display_name: longest, email })
  expect((await refresh(server, session.refresh_token)).status).toBe(200)
})

test('the longest session of a guest with metadata is accepted, refreshed and introspected', async () => {
  expect(Buffer.byteLength(JSON.stringify(fullObject))).toBe(4_096)
  const longest = '\u0001'.repeat(1_024)
  const guest = await bodyOf<WidgetSession>(
    await server.postFromShop(paths.guest, { client_key: acme.clientKey, metadata: fullObject }),
  )
  const token = await mintUserToken(server, { user_id: longest, display_name: longest, traits: fullObject })
  const session = await bodyOf<WidgetSession>(
    await server.postFromShop(paths.exchange, { token, session_token: guest.token }),
  )
  expect(session.token.length).toBeLessThan(32_768 - 1_024)
  const next = await bodyOf<WidgetSession>(await refresh(server, session.refresh_token))
  const carried = { active: true, metadata: fullObject, traits: fullObject }
  expect(await introspect(server, next.token)).toMatchObject(carried)
  expect(await introspect(server, next.refresh_token)).toMatchObject(carried)
})
