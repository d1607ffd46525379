import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fixture, FixtureAccount, WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeAccount } from './support/fixtures/change-account.js'
import { acme, fixture } from './support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { expectText } from './support/http/expect-text.js'
import { startServer, type TestServer, testClock } from './support/servers/in-process-server.js'

const refused = 'Origin not in allowlist for this client_key'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ofClientKey = (change: Partial<FixtureAccount['client_keys'][number]>): Fixture =>
  changeAccount(acme.account, ({ client_keys }) => ({
    client_keys: client_keys.map((key) => (key.client_key === acme.clientKey ? { ...key, ...change } : key)),
  }))

interface Held {
  readonly guest: WidgetSession
  readonly user: WidgetSession
  readonly token: string
}

/** Runs servers one after another on one database. Each imports its own fixture. */
async function inTurn(turns: readonly [Fixture, (server: TestServer) => Promise<void>][]): Promise<void> {
  const clock = testClock()
  const publicUrl = 'https://pass.example'
  const config = { databaseUrl: `file:${join(folder, 'hallpass.db')}`, masterKey: randomBytes(32), publicUrl }
  for (const [imported, act] of turns) {
    const server = await startServer({ clock, config, fixture: imported })
    try {
      await act(server)
    } finally {
      await server.stop()
    }
  }
}

/**
 * Mints on one server and acts on the next, which has another version of the client key. Then the original key returns.
 */
async function whenChanged(
  change: Partial<FixtureAccount['client_keys'][number]>,
  act: (server: TestServer, held: Held) => Promise<void>,
) {
  const held: Held[] = []
  await inTurn([
    [
      fixture,
      async (server) => {
        const [guest, user] = [await mintGuest(server), await mintUserSession(server)]
        held.push({ guest, user, token: await mintUserToken(server) })
      },
    ],
    [ofClientKey(change), (server) => Promise.all(held.map((one) => act(server, one))).then(() => {})],
    [
      ofClientKey({ disabled: false }),
      async (server) => {
        for (const { guest, user, token } of held) {
          expect((await refresh(server, guest.refresh_token)).status).toBe(200)
          expect((await refresh(server, user.refresh_token)).status).toBe(200)
          expect((await server.postFromShop(paths.exchange, { token })).status).toBe(200)
        }
      },
    ],
  ])
}

describe('tokens across a restart', () => {
  test('sessions, visitor tokens and visitor ids continue, and spent tokens stay spent', async () => {
    const kept: string[] = []
    await inTurn([
      [
        fixture,
        async (server) => {
          const [spent, live] = [await mintUserToken(server), await mintUserToken(server)]
          await bodyOf(await server.postFromShop(paths.exchange, { token: spent }))
          const guest = await mintGuest(server)
          const next = await bodyOf<WidgetSession>(await refresh(server, guest.refresh_token))
          kept.push(spent, live, guest.refresh_token, next.refresh_token, next.token)
        },
      ],
      [
        fixture,
        async (server) => {
          const [spent = '', live = '', old = '', latest = '', session = ''] = kept
          await expectText(await server.postFromShop(paths.exchange, { token: spent }), 400, 'Missing or expired token')
          expect((await server.postFromShop(paths.exchange, { token: live })).status).toBe(200)
          expect(decodeJwt(await mintUserToken(server)).sub).toBe(decodeJwt(live).sub)
          expect(await introspect(server, session)).toMatchObject({ active: true, iss: 'https://pass.example' })
          const again = await bodyOf<WidgetSession>(await refresh(server, old))
          expect(again.refresh_token).toBe(latest)
        },
      ],
    ])
  })

  test('403 as for an unknown client key once it is disabled, and nothing is spent', async () => {
    await whenChanged({ disabled: true }, async (server, { guest, user, token }) => {
      await expectText(await server.postFromShop(paths.exchange, { token }), 403, refused)
      for (const session of [guest, user]) {
        await expectText(await refresh(server, session.refresh_token), 403, refused)
        expect(await introspect(server, session.token)).toEqual({ active: false })
        expect(await introspect(server, session.refresh_token)).toEqual({ active: false })
      }
    })
  })

  test('403 if the origin is no longer in the allowlist, and nothing is spent', async () => {
    await whenChanged({ origin_allowlist: [] }, async (server, { guest, token }) => {
      await expectText(await server.postFromShop(paths.exchange, { token }), 403, refused)
      await expectText(await refresh(server, guest.refresh_token), 403, refused)
    })
  })

  test('403 if the widget is disabled, and nothing is spent', async () => {
    await whenChanged({ widget_enabled: false }, async (server, { guest, user, token }) => {
      await expectText(await server.postFromShop(paths.exchange, { token }), 403, /./)
      for (const { refresh_token } of [guest, user]) await expectText(await refresh(server, refresh_token), 403, /./)
    })
  })

  test('403 for users if the auth_mode now forbids them, and nothing is spent', async () => {
    await whenChanged({ auth_mode: 'guest' }, async (server, { guest, user, token }) => {
      await expectText(await server.postFromShop(paths.exchange, { token }), 403, /./)
      await expectText(await refresh(server, user.refresh_token), 403, /./)
      expect((await refresh(server, guest.refresh_token)).status).toBe(200)
    })
  })

  test('403 for guests if the auth_mode now forbids them, and nothing is spent', async () => {
    await whenChanged({ auth_mode: 'user' }, async (server, { guest, user }) => {
      await expectText(await refresh(server, guest.refresh_token), 403, /./)
      expect((await refresh(server, user.refresh_token)).status).toBe(200)
    })
  })
})
