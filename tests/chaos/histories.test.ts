import { beforeAll, describe, expect, test } from 'vitest'
import { isLinearizable, type Timed } from '../model/support/linearize.js'
import { type CardCall, cardRules, type SessionCall, sessionRules } from '../model/support/object-rules.js'
import { acme, child } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { type Heard, inParallel } from './support/client.js'
import { anyOf, isRunning } from './support/fleet.js'
import { report } from './support/numbers.js'
import { withFleet } from './support/with-fleet.js'

const rounds = Number(process.env.HALLPASS_HISTORY_ROUNDS ?? 100)
const callsOfEach = 10
/** After this, the predecessor of a refresh token is a reuse, which the rules don't have. */
const graceMilliseconds = 10_000
/** The clocks of replicas differ by less than this on one machine. */
const skewMilliseconds = 100
const forChild = { 'Straddle-Account-Id': child.account }
const card = '5b6c7d8e-9f0a-4b1c-8d2e-3f4a5b6c7d8e'

describe('3 replicas on one PostgreSQL, with administration, and a kill in every tenth round', () => {
  const { fleet, client } = withFleet()
  beforeAll(async () => {
    minted(await asParent('/v1/admin/cards', { id: card, customer_id: child.customer, status: 'ACTIVE' }))
  })
  const url = (path: string) => anyOf(fleet.urls()) + path
  /** Calls of Acme for its child account, which it can also disable. */
  const asParent = (path: string, body: object) => client.asAcme(url(path), body, forChild)
  const asForm = (path: string, token: string) => asParent(path, new URLSearchParams({ token }))
  const fromShop = (path: string, body: object) => client.send(url(path), { body, headers: { Origin: acme.origin } })

  /** Makes a call, and adds it to the history. A reply of undefined is one that says nothing about the work. */
  async function record<Call>(
    history: Timed<Call, string>[],
    call: Call,
    send: () => Promise<Heard>,
    read: (heard: Heard) => string,
  ): Promise<void> {
    const began = performance.now()
    const heard = await send()
    const isKnown = heard.status >= 200 && heard.status < 500
    history.push({ call, reply: isKnown ? read(heard) : undefined, began, ended: performance.now() })
  }
  const guest = () => fromShop(paths.guest, { client_key: child.clientKey })
  const activity = ({ text }: Heard) => (JSON.parse(text).active ? 'active' : 'inactive')
  const done = () => 'ok'

  const minted = ({ status, text }: Heard) => {
    expect(status, text).toBe(200)
    return JSON.parse(text)
  }

  const mintCard = () => asParent(cardPath(card, 'REVEAL'), {})

  function useCard({ widget_token }: { readonly widget_token: string }) {
    const history: Timed<CardCall, string>[] = []
    const redeem = () => asParent(paths.redeem, { widget_token, widget_type: 'REVEAL' })
    const calls = [
      () => record(history, 'redeem', redeem, ({ status, text }) => (status === 200 ? 'ok' : JSON.parse(text).code)),
      () => record(history, 'introspect', () => asForm(paths.introspect, widget_token), activity),
      () => record(history, 'revoke', () => asForm(paths.revoke, widget_token), done),
    ]
    const isAllowed = () => isLinearizable(cardRules, history)
    // a revocation is rarer than the others
    return {
      history,
      isAllowed,
      call: () => anyOf([...calls, ...calls.slice(0, 2), ...calls.slice(0, 2)])(),
      use: redeem,
      introspect: () => asForm(paths.introspect, widget_token),
    }
  }

  function useSession(begun: { readonly token: string; readonly refresh_token: string; readonly visitor_id: string }) {
    const history: Timed<SessionCall, string>[] = []
    const tokens: string[] = [begun.refresh_token]
    const nameOf = ({ status, text }: Heard): string => {
      if (status !== 200) return 'invalid_token'
      const { refresh_token } = JSON.parse(text)
      // two calls at once get the same one
      if (!tokens.includes(refresh_token)) tokens.push(refresh_token)
      return `token ${tokens.indexOf(refresh_token)}`
    }
    const refresh = () => {
      // rarely an older one, whose reuse ends the session
      const token = Math.max(0, tokens.length - anyOf([1, 1, 1, 1, 2, 2, 3]))
      return record(
        history,
        { op: 'refresh', token },
        () => fromShop(paths.refresh, { refresh_token: tokens[token] }),
        nameOf,
      )
    }
    const calls = [
      refresh,
      refresh,
      () => record(history, { op: 'introspect session' }, () => asForm(paths.introspect, begun.token), activity),
    ]
    return {
      history,
      isAllowed: () => isLinearizable(sessionRules, history),
      call: () => anyOf(calls)(),
      use: () => fromShop(paths.refresh, { refresh_token: tokens.at(-1) }),
      introspect: () => asForm(paths.introspect, begun.token),
      visitor: begun.visitor_id,
    }
  }

  test(`${rounds} rounds of calls at once have an order that the model allows`, async () => {
    let calls = 0
    let unanswered = 0
    let checked = 0
    let begunMeanwhile = 0
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      const cards = (await Promise.all([mintCard(), mintCard(), mintCard()])).map(minted).map(useCard)
      const sessions = (await Promise.all([guest(), guest(), guest()])).map(minted).map(useSession)
      await pause()
      const objects = [...cards, ...sessions]
      const administer = anyOf([
        { body: { customer_id: child.customer }, ends: cards },
        { body: { card_id: card }, ends: cards },
        { body: { account: true }, ends: objects },
        { body: { visitor_id: sessions[0]?.visitor }, ends: sessions.slice(0, 1) },
      ])
      const disables = round % 10 === 4
      const late: Begun[] = []
      const end = async () => {
        const ended: Timed<'end' | 'disable', string>[] = []
        if (disables) await record(ended, 'disable', () => setDisabled(true), done)
        else await record(ended, 'end', () => asParent('/v1/admin/sessions/revoke', administer.body), done)
        for (const one of ended) for (const object of disables ? objects : administer.ends) addEnd(object.history, one)
      }
      const work = objects.flatMap(({ call }) => Array<() => Promise<void>>(callsOfEach).fill(call))
      const mixed = work.toSorted(() => Math.random() - 0.5)
      mixed.splice(Math.floor(mixed.length / 2), 0, end)
      // a replica that hasn't heard of it may still begin some
      if (disables) mixed.push(...Array(callsOfEach).fill(async () => void late.push(...(await beginMeanwhile()))))
      if (round % 10 === 9) mixed.splice(Math.floor(mixed.length / 3), 0, killOne)
      await inParallel(mixed, 12, (call) => call())
      const isSlow = performance.now() - began >= graceMilliseconds
      for (const { history, isAllowed } of isSlow ? cards : objects) {
        checked++
        expect(isAllowed(), JSON.stringify(history, undefined, 1)).toBe(true)
        calls += history.length
        unanswered += history.filter(({ reply }) => reply === undefined).length
      }
      if (round % 10 === 9) await fleet.start()
      if (disables) {
        await enable()
        for (const object of [...objects, ...late]) {
          expect(activity(await object.introspect()), 'after its account was enabled again').toBe('inactive')
          expect((await object.use()).status, 'after its account was enabled again').toBeGreaterThanOrEqual(400)
        }
        begunMeanwhile += late.length
      }
    }
    report('histories checked', { objects: checked, calls, unanswered, begunMeanwhile })
  })

  /** A card token and a session, if they can still begin. */
  async function beginMeanwhile(): Promise<Begun[]> {
    const [token, session] = await Promise.all([mintCard(), guest()])
    return [
      ...(token.status === 200 ? [useCard(JSON.parse(token.text))] : []),
      ...(session.status === 200 ? [useSession(JSON.parse(session.text))] : []),
    ]
  }

  const setDisabled = (disabled: boolean) => client.asAcme(url(`/v1/admin/accounts/${child.account}`), { disabled })

  /** Enables the account as soon as that is possible, and waits until every replica has heard of it. */
  async function enable(): Promise<void> {
    while ((await setDisabled(false)).status !== 200) await pause()
    for (const replica of fleet.urls()) {
      const isHeard = async () => {
        const body = { client_key: child.clientKey }
        return (await client.send(replica + paths.guest, { body, headers: { Origin: acme.origin } })).status === 200
      }
      while (!(await isHeard())) await pause()
    }
    await pause()
  }

  async function killOne(): Promise<void> {
    await anyOf(fleet.replicas.filter(isRunning)).stop('SIGKILL')
  }
})

interface Begun {
  readonly use: () => Promise<Heard>
  readonly introspect: () => Promise<Heard>
}

const pause = () => new Promise((resolve) => setTimeout(resolve, skewMilliseconds))

/** A cutoff is in the history of everything that it ends. */
function addEnd(
  history: Timed<CardCall, string>[] | Timed<SessionCall, string>[],
  one: Timed<'end' | 'disable', string>,
): void {
  // the two kinds of history name the same call differently
  ;(history as Timed<unknown, string>[]).push(
    history.some(({ call }) => typeof call === 'object') ? { ...one, call: { op: 'end' } } : one,
  )
}
