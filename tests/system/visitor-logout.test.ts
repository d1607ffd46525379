import { describe, expect, test } from 'vitest'
import { bodyOf, introspect, mintGuest, mintUserSession, paths, refresh } from './support/fixtures/mint.js'
import { expectText } from './support/http/expect-text.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()
const logOut = (refresh_token: string, headers?: HeadersInit) =>
  server.postFromShop(paths.logout, { refresh_token }, headers)

describe('POST /api/v1/widget/auth/logout', () => {
  test('200: every token of the session is refused from then on', async () => {
    for (const session of [await mintGuest(server), await mintUserSession(server)]) {
      const next = await bodyOf<typeof session>(await refresh(server, session.refresh_token))
      expect(await bodyOf(await logOut(next.refresh_token))).toEqual({ session_id: session.session_id })
      for (const { token, refresh_token } of [session, next]) {
        expect(await introspect(server, token)).toEqual({ active: false })
        expect((await refresh(server, refresh_token)).status).toBe(400)
      }
    }
  })

  test('200 with an older refresh token of the session, and again', async () => {
    const session = await mintGuest(server)
    const next = await bodyOf<typeof session>(await refresh(server, session.refresh_token))
    for (const _ of [1, 2]) expect((await logOut(session.refresh_token)).status).toBe(200)
    expect(await introspect(server, next.token)).toEqual({ active: false })
  })

  test('400 for a token of another kind; another session continues', async () => {
    const [session, other] = [await mintGuest(server), await mintGuest(server)]
    await expectText(await logOut(session.token), 400, 'Missing or expired refresh_token')
    await logOut(session.refresh_token)
    expect(await introspect(server, other.token)).toMatchObject({ active: true })
  })

  test('403 from a page that is not on the allowlist; nothing ends', async () => {
    const session = await mintGuest(server)
    expect((await logOut(session.refresh_token, { Origin: 'https://attacker.example' })).status).toBe(403)
    expect(await introspect(server, session.token)).toMatchObject({ active: true })
  })
})
