import { setTimeout as delay } from 'node:timers/promises'
import { createVerifier } from '@hallpass/client/verify'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, introspect, paths } from './support/fixtures/mint.js'
import { verifiersOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'
import type { Store } from './support/servers/server-parts.js'
import { tickingClock } from './support/time/ticking-clock.js'

/*
 * The status of a customer or a card changes while a token is being minted, and the new status ends tokens. No token
 * may be valid while the status lasts, or after it is set back.
 */

const rounds = Number(process.env.HALLPASS_RACE_ROUNDS ?? 4)

const changes = {
  customer: {
    path: '/v1/admin/customers',
    end: { id: acme.customer, status: 'inactive' },
    back: { id: acme.customer, status: 'verified' },
    ends: ['bridge', 'card'],
  },
  card: {
    path: '/v1/admin/cards',
    end: { id: acme.activeCard, customer_id: acme.customer, status: 'TERMINATED' },
    back: { id: acme.activeCard, customer_id: acme.customer, status: 'ACTIVE' },
    ends: ['card'],
  },
} as const
type Kind = 'bridge' | 'card'

describe('a status that changes during a mint', () => {
  /** Where something else happens, once: before or after the nth call of a store method. */
  interface Pause {
    readonly method: 'findCustomer' | 'findCardStanding' | 'insertCardToken' | 'cutoff' | 'transaction'
    readonly when: 'before' | 'after'
    readonly nth: number
    readonly work: () => Promise<unknown>
  }
  let server: AssembledServer
  let pause: Pause | undefined
  let calls: number
  const pauseAt = (place: Omit<Pause, 'work'>, work: Pause['work']) => {
    pause = { ...place, work }
    calls = 0
  }
  const reach = async (method: Pause['method'], when: Pause['when']) => {
    if (pause?.method !== method || pause.when !== when || ++calls < pause.nth) return
    const { work } = pause
    pause = undefined
    // on SQLite, no other call gets the database before a transaction is over
    await Promise.race([work(), delay(inject('postgres') ? 2_000 : 50)])
  }
  /** A store that pauses at a given call, even in a transaction. */
  const wrap = (store: Store): Store => {
    const pausing =
      <Args extends unknown[], Result>(method: Pause['method'], run: (...args: Args) => Promise<Result>) =>
      async (...args: Args) => {
        await reach(method, 'before')
        const result = await run(...args)
        await reach(method, 'after')
        return result
      }
    return {
      ...store,
      findCustomer: pausing('findCustomer', store.findCustomer),
      findCardStanding: pausing('findCardStanding', store.findCardStanding),
      insertCardToken: pausing('insertCardToken', store.insertCardToken),
      addCutoff: pausing('cutoff', store.addCutoff),
      transaction: (run) =>
        store.transaction(async (tx) => {
          const result = await run(wrap(tx))
          // nothing of the transaction is committed yet
          await reach('transaction', 'after')
          return result
        }),
    }
  }
  beforeAll(async () => {
    server = await assembleServer({ clock: tickingClock(), wrap })
  })
  afterAll(() => server.stop())

  const call = (path: string, body: object) => server.call(path, { headers: bearer(hostKey), body })
  const change = async (path: string, body: object) => {
    expect(await call(path, body)).toMatchObject({ status: 200 })
  }
  const mint = {
    bridge: async () => {
      const { status, body } = await call(paths.bridge, { customer_id: acme.customer })
      return status === 200 ? (body.data as { bridge_token: string }).bridge_token : undefined
    },
    card: async () => {
      const { status, body } = await call(cardPath(acme.activeCard, 'REVEAL'), {})
      return status === 200 ? String(body.widget_token) : undefined
    },
  } as const
  const expectDead = async (token: string) => {
    const headers = { ...bearer(hostKey), 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams({ token }).toString()
    expect((await server.call(paths.introspect, { headers, body })).body).toEqual({ active: false })
    const redeemed = await call(paths.redeem, { widget_token: token, widget_type: 'REVEAL' })
    expect(redeemed.status).not.toBe(200)
  }
  /** Expects the token to be inactive while the status lasts and after it is set back, and a new token to be active. */
  const expectEnded = async (
    kind: Kind,
    token: string | undefined,
    { path, back }: (typeof changes)[keyof typeof changes],
  ) => {
    if (token) await expectDead(token)
    expect(await mint[kind]()).toBeUndefined()
    await change(path, back)
    if (token) await expectDead(token)
    const next = await mint[kind]()
    expect(next).toBeDefined()
    if (kind === 'card') return
    server.clock.advance(2_000)
    const { bridge } = verifiersOf(server)
    if (token) expect(await bridge.verify(token)).toMatchObject({ ok: false, reason: 'revoked' })
    expect(await bridge.verify(next)).toMatchObject({ ok: true })
  }

  const minting = [
    ['bridge', 'findCustomer', 'before', 1],
    ['bridge', 'findCustomer', 'after', 1],
    ['bridge', 'findCustomer', 'before', 2],
    ['bridge', 'findCustomer', 'after', 2],
    ['card', 'findCardStanding', 'before', 1],
    ['card', 'findCardStanding', 'after', 1],
    ['card', 'insertCardToken', 'before', 1],
    ['card', 'insertCardToken', 'after', 1],
  ] as const
  const duringMint = (['customer', 'card'] as const).flatMap((what) =>
    minting.flatMap((place) =>
      changes[what].ends.some((kind) => kind === place[0]) ? [[what, ...place] as const] : [],
    ),
  )
  test.each(duringMint)(
    "a %s's status changes while a %s token is minted: at %s, %s call %i",
    async (...[what, kind, method, when, nth]) => {
      pauseAt({ method, when, nth }, () => change(changes[what].path, changes[what].end))
      const token = await mint[kind]()
      expect(pause, 'the pause was reached').toBeUndefined()
      await expectEnded(kind, token, changes[what])
    },
  )

  const changing = [
    ['cutoff', 'before', 1],
    ['cutoff', 'after', 1],
    ['transaction', 'after', 1],
    // the second cutoff is written once the status is committed
    ['cutoff', 'before', 2],
    ['cutoff', 'after', 2],
  ] as const
  const duringChange = (['customer', 'card'] as const).flatMap((what) =>
    changes[what].ends.flatMap((kind) => changing.map((place) => [kind, what, ...place] as const)),
  )
  test.each(duringChange)(
    "a %s token is minted while a %s's status changes: at %s, %s call %i",
    async (...[kind, what, method, when, nth]) => {
      let minted: Promise<string | undefined> | undefined
      pauseAt({ method, when, nth }, () => {
        minted = mint[kind]()
        return minted
      })
      await change(changes[what].path, changes[what].end)
      expect(minted, 'the pause was reached').toBeDefined()
      await expectEnded(kind, await minted, changes[what])
    },
  )

  test('a card token before the second cutoff of a change with an Idempotency-Key', async () => {
    const { path, end: body } = changes.card
    let minted: Promise<string | undefined> | undefined
    pauseAt({ method: 'cutoff', when: 'before', nth: 2 }, () => {
      minted = mint.card()
      return minted
    })
    const headers = { ...bearer(hostKey), 'idempotency-key': 'end once' }
    expect(await server.call(path, { headers, body })).toMatchObject({ status: 200 })
    expect(minted, 'the pause was reached').toBeDefined()
    await expectEnded('card', await minted, changes.card)
  })
})

describe(`mints against a change of status, ${rounds} rounds`, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ clock: tickingClock(), fixture: fixtureWithHost })
  })
  afterAll(() => server.stop())

  const bridgeToken = async () => {
    const response = await server.postAsAcme(paths.bridge, { customer_id: acme.customer })
    const body = (await response.json()) as { data: { bridge_token: string } }
    return response.ok ? [body.data.bridge_token] : []
  }
  const cardToken = async () => {
    const response = await server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key))
    const body = (await response.json()) as { widget_token: string }
    return response.ok ? [body.widget_token] : []
  }
  /** Some calls come before the change, some after it, and most at about the same time. */
  const mintAround = async (change: () => Promise<unknown>, round: number) => {
    const kinds = [bridgeToken, cardToken]
    const calls = Array.from({ length: 6 }, (_, index) => kinds[index % 2] ?? bridgeToken)
    const early = calls.slice(0, round % 7).map((mint) => mint())
    const changed = change()
    const late = calls.slice(round % 7).map((mint) => mint())
    await changed
    return (await Promise.all([...early, ...late])).flat()
  }
  const isRedeemed = async (widget_token: string) =>
    (await server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })).ok

  test.each(['customer', 'card'] as const)(
    'of a %s: no token is active afterwards, even when it is set back',
    async (what) => {
      const { path, end, back } = changes[what]
      const send = async (body: object) => bodyOf(await server.post(path, body, bearer(hostKey)))
      for (let round = 0; round < rounds; round++) {
        const minted = await mintAround(() => send(end), round)
        const tokens = what === 'card' ? minted.filter((token) => !token.includes('.')) : minted
        for (const token of tokens) expect(await introspect(server, token)).toEqual({ active: false })
        await send(back)
        // the server can use a feed for a second
        server.clock.advance(1_000)
        const { now } = server.clock
        const verifier = createVerifier({ issuer: server.url, kind: 'bridge', account: acme.account, now })
        for (const token of tokens) {
          expect(await introspect(server, token)).toEqual({ active: false })
          expect(await isRedeemed(token)).toBe(false)
          if (token.includes('.')) expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'revoked' })
        }
      }
      const [bridge = '', card = ''] = [...(await bridgeToken()), ...(await cardToken())]
      expect(await introspect(server, bridge)).toMatchObject({ active: true })
      expect(await isRedeemed(card)).toBe(true)
    },
  )
})
