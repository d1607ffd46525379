import type { OperationId } from '@hallpass/contracts'
import { acme, child } from '../../system/support/fixtures/fixture.js'
import { hostKey } from '../../system/support/fixtures/host-key.js'
import { bearer } from '../../system/support/servers/in-process-server.js'
import type { Step } from './trace.js'
import type { Outcome } from './transports.js'
import { card, cardThat, type World } from './world.js'

export type Ask = (
  operation: OperationId,
  input: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
) => Promise<Outcome>

interface HeldSession {
  readonly visitor: string
  readonly jwts: string[]
  readonly refreshTokens: string[]
}

export interface SecretKey {
  readonly id: string
  readonly secret: string
}

/** What the callers of a trace hold, numbered as in the model. */
export interface Held {
  /** Unique to the trace. */
  readonly name: string
  readonly cards: string[]
  readonly visitors: string[]
  readonly bridges: string[]
  readonly sessions: HeldSession[]
  readonly keys: SecretKey[]
}

interface Deps {
  readonly world: World
  readonly ask: Ask
  readonly held: Held
  readonly clientKeyId: string
  /** Resolves once nothing is under way. */
  readonly settle: () => Promise<void>
  readonly verify: Record<'session' | 'bridge', { verify: (token: string) => Promise<{ readonly ok: boolean }> }>
}

const shop = { origin: acme.origin }
/** The parent of the account of the traces, which administers it, also while it is disabled. */
const parent = bearer(hostKey)
const host = { ...parent, 'Straddle-Account-Id': child.account }
/** When an account can be enabled after it was disabled. */
const disabledMilliseconds = 10_000
const customer = { id: child.customer, name: 'Kid' }

/** Makes the calls of a trace. */
export function createCalls({ world, ask, held, clientKeyId, settle, verify }: Deps) {
  // after a restore, the newest key may be an older one again
  let key = 0
  let keyAtBackup = 0
  let isKeyActive = true
  const switchedOff = new Set<string>()
  const worker = () => bearer(held.keys[key]?.secret ?? '')
  const asHost = async (operation: OperationId, input: Readonly<Record<string, unknown>>) => {
    const outcome = await ask(operation, input, host)
    if (outcome.reply !== 'ok') throw new Error(`${operation}: ${outcome.reply}`)
    return outcome.value
  }
  const keyed = (isKeyed: number, name: string): Record<string, string> =>
    isKeyed ? { 'Idempotency-Key': `${held.name}-${name}` } : {}
  const createKey = async () => {
    const { id, secret } = await asHost('admin.apiKeys.create', { name: held.name, scopes: ['*'] })
    key = held.keys.push({ id: String(id), secret: String(secret) }) - 1
    isKeyActive = true
    return 'ok'
  }
  const setSwitch = async (about: string, isOn: boolean) => {
    if (about === 'account')
      return (await ask('admin.accounts.update', { account_id: child.account, disabled: !isOn }, parent)).reply
    if (about === 'client_key') await asHost('admin.clientKeys.update', { client_key_id: clientKeyId, disabled: !isOn })
    else if (about === 'card') await asHost('admin.cards.upsert', cardThat(isOn ? 'ACTIVE' : 'SUSPENDED'))
    else await asHost('admin.customers.upsert', { ...customer, status: isOn ? 'verified' : 'inactive' })
    return 'ok'
  }
  const keepSession = ({ reply, value }: Outcome): string => {
    if (reply !== 'ok') return reply
    const { token, refresh_token, visitor_id } = value
    held.sessions.push({ visitor: String(visitor_id), jwts: [String(token)], refreshTokens: [String(refresh_token)] })
    return reply
  }
  const keepToken = (tokens: string[], { reply, value }: Outcome, field: string): string => {
    if (reply === 'ok') tokens.push(String(value[field]))
    return reply
  }
  const tokenOf = (about: string, a: number, b: number): string => {
    const of: Record<string, string | undefined> = {
      card: held.cards[a],
      visitor: held.visitors[a],
      bridge: held.bridges[a],
      session: held.sessions[a]?.jwts[b],
      refresh: held.sessions[a]?.refreshTokens[b],
    }
    const token = of[about]
    if (token === undefined) throw new Error(`the trace has no ${about} ${a}, ${b}`)
    return token
  }
  const subjects = (about: string, a: number): Record<string, unknown> => {
    const of: Record<string, Record<string, unknown>> = {
      account: { account: true },
      client_key: { client_key_id: clientKeyId },
      user: { user_id: held.name },
      customer: { customer_id: child.customer },
      card: { card_id: card },
      secret_key: { api_key_id: held.keys[key]?.id },
      visitor: { visitor_id: held.sessions[a]?.visitor },
    }
    return of[about] ?? {}
  }

  const calls: Record<string, (about: string, a: number, b: number) => Promise<string>> = {
    async mintCard(widget_type, isKeyed, expected) {
      const headers = { ...worker(), ...keyed(isKeyed, 'mint') }
      const { reply, value } = await ask('card.widgetToken', { card_id: card, widget_type }, headers)
      if (reply === 'ok') held.cards.push(String(value.widget_token))
      if (reply === 'repeated' && held.cards[expected] !== value.widget_token) return 'repeated another token'
      return reply
    },
    async redeem(widget_type, a, isKeyed) {
      const input = { widget_token: tokenOf('card', a, 0), widget_type }
      return (await ask('tokens.redeem', input, { ...worker(), ...keyed(isKeyed, 'redeem') })).reply
    },
    async mintVisitor() {
      const input = { client_key: child.clientKey, user_id: held.name }
      return keepToken(held.visitors, await ask('visitor.userToken', input, worker()), 'token')
    },
    async mintBridge() {
      const outcome = await ask('bridge.initialize', { customer_id: child.customer }, worker())
      return keepToken(held.bridges, outcome, 'bridge_token')
    },
    async guest() {
      return keepSession(await ask('visitor.guest', { client_key: child.clientKey }, shop))
    },
    async exchange(_, a, guest) {
      const promoted = guest < 0 ? {} : { session_token: held.sessions[guest]?.jwts.at(-1) }
      return keepSession(await ask('visitor.exchange', { token: tokenOf('visitor', a, 0), ...promoted }, shop))
    },
    async refresh(_, a, b) {
      const { reply, value } = await ask('visitor.refresh', { refresh_token: tokenOf('refresh', a, b) }, shop)
      const { jwts, refreshTokens } = held.sessions[a] as HeldSession
      if (reply !== 'ok') return reply
      if (refreshTokens.includes(String(value.refresh_token))) return 'repeated'
      jwts.push(String(value.token))
      refreshTokens.push(String(value.refresh_token))
      return reply
    },
    async revoke(about, a) {
      const newest = about === 'session' ? (held.sessions[a]?.refreshTokens.at(-1) ?? '') : tokenOf(about, a, 0)
      return (await ask('tokens.revoke', { token: newest }, worker())).reply
    },
    async cutoff(about, a) {
      await asHost('admin.sessions.revoke', subjects(about, a))
      return 'ok'
    },
    async switch(about, isOn) {
      const reply = await setSwitch(about, isOn === 1)
      if (!isOn) switchedOff.add(about)
      else if (reply === 'ok') switchedOff.delete(about)
      return reply
    },
    async disableKey(_, revoke_minted) {
      isKeyActive = false
      await asHost('admin.apiKeys.disable', { api_key_id: held.keys[key]?.id, revoke_minted: revoke_minted === 1 })
      return 'ok'
    },
    createKey,
    async wait(_, milliseconds) {
      await settle()
      world.server().clock.advance(milliseconds)
      if (milliseconds >= 3_600_000) await world.server().keyRing.maintain()
      return 'ok'
    },
    async restart() {
      await world.restart()
      return 'ok'
    },
    async backUp() {
      keyAtBackup = key
      await world.backUp()
      return 'ok'
    },
    async restore() {
      await settle()
      key = keyAtBackup
      isKeyActive = false
      for (const about of ['account', 'card', 'customer', 'client_key']) switchedOff.add(about)
      await world.restore()
      world.server().clock.advance(31_000)
      return 'ok'
    },
    async introspect(about, a, b) {
      const { reply, value } = await ask('tokens.introspect', { token: tokenOf(about, a, b) }, host)
      return reply === 'ok' ? (value.active === true ? 'active' : 'inactive') : reply
    },
    async verify(about, a, b) {
      const verdict = await verify[about === 'session' ? 'session' : 'bridge'].verify(tokenOf(about, a, b))
      return verdict.ok ? 'accepted' : 'refused'
    },
  }
  return {
    async begin() {
      if (held.keys.length === 0) await createKey()
    },
    async make([op, about, a, b]: Step): Promise<string> {
      const call = calls[op]
      if (!call) throw new Error(`no call for ${op}`)
      return call(about, a, b)
    },
    /** Switches on again what the trace switched off. Returns the secret key if the next trace can use it. */
    async end(): Promise<SecretKey | undefined> {
      if (switchedOff.has('account')) world.server().clock.advance(disabledMilliseconds)
      for (const about of switchedOff) await setSwitch(about, true)
      return isKeyActive ? held.keys[key] : undefined
    },
  }
}
