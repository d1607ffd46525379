import fc from 'fast-check'
import { expect } from 'vitest'
import { paths } from '../fixtures/mint.js'
import type { Real } from './real-server.js'
import { about, command, everyKind, mints, noteSession, users } from './token-mints.js'
import { exchange, isActive, type Model, type ModelToken, redeem, refresh, revoke } from './token-model.js'

const tryExchange = (token: string, guest?: ModelToken) => ({ token, ...(guest ? { session_token: guest.token } : {}) })

const uses = [
  about('exchange', ['visitor'], async (token, model, real) => {
    const expected = exchange(model, token)
    const response = await real.fromShop(paths.exchange, tryExchange(token.token))
    expect(response.status).toBe(expected)
    if (expected === 200) noteSession(model, response)
  }),
  about('exchangeTwiceAtOnce', ['visitor'], async (token, model, real) => {
    const expected = [exchange(model, token), exchange(model, token)]
    const send = () => real.fromShop(paths.exchange, tryExchange(token.token))
    const responses = await Promise.all([send(), send()])
    expect(responses.map(({ status }) => status).toSorted()).toEqual(expected)
    for (const response of responses) if (response.status === 200) noteSession(model, response)
  }),
  about('promote', ['widget-session', 'refresh'], async (guest, model, real) => {
    const token = model.tokens.findLast((one) => one.kind === 'visitor')
    if (!token) return
    const expected = exchange(model, token, guest)
    const response = await real.fromShop(paths.exchange, tryExchange(token.token, guest))
    expect(response.status).toBe(expected)
    if (expected !== 200) return
    expect(response.body.visitor_id).toBe(guest.session.visitor)
    noteSession(model, response)
  }),
  about('refresh', ['refresh'], async (token, model, real) => {
    const expected = refresh(model, token)
    const response = await real.fromShop(paths.refresh, { refresh_token: token.token })
    expect(response.status).toBe(typeof expected === 'number' ? expected : 200)
    if (expected === 'same') expect(response.body.refresh_token).toBe(token.session.refreshTokens.at(-1))
    if (expected === 'next') expect(token.session.refreshTokens).not.toContain(response.body.refresh_token)
    if (response.status === 200) noteSession(model, response, token.session)
  }),
  about('refreshTwiceAtOnce', ['refresh'], async (token, model, real) => {
    const expected = refresh(model, token)
    const send = () => real.fromShop(paths.refresh, { refresh_token: token.token })
    const responses = await Promise.all([send(), send()])
    const status = typeof expected === 'number' ? expected : 200
    expect(responses.map((response) => response.status)).toEqual([status, status])
    expect(new Set(responses.map(({ body }) => body.refresh_token)).size).toBe(1)
    if (status === 200) for (const response of responses) noteSession(model, response, token.session)
  }),
  about('redeem', ['card'], async (token, model, real) => {
    const expected = model.secretKeyDisabled ? 'UNAUTHENTICATED' : redeem(model, token)
    const { status, body } = await real.asWorker(paths.redeem, { widget_token: token.token, widget_type: 'REVEAL' })
    expect(body.code ?? status).toBe(expected)
  }),
  about('redeemTwiceAtOnce', ['card'], async (token, model, real) => {
    const attempt = () => (model.secretKeyDisabled ? 'UNAUTHENTICATED' : redeem(model, token))
    const expected = [attempt(), attempt()]
    const send = () => real.asWorker(paths.redeem, { widget_token: token.token, widget_type: 'REVEAL' })
    const responses = await Promise.all([send(), send()])
    expect(responses.map(({ status, body }) => body.code ?? status).toSorted()).toEqual(expected)
  }),
]

const ends = [
  about('revoke', everyKind, async (token, model, real) => {
    // after 4 h, the key that signed a session token may be gone, and then it may not end its session
    if (token.kind === 'widget-session' && model.now - token.began > 14_400_000) return
    const { status } = await real.asWorker(paths.revoke, { token: token.token })
    expect(status).toBe(model.secretKeyDisabled ? 401 : 200)
    if (status === 200) revoke(model, token)
  }),
  about('revokeSession', ['refresh'], async ({ session }, model, real) => {
    // after 7 days and the 15 minutes of its last session token, nothing is left to end
    const isOver = model.now - session.began >= 605_700_000
    const { status } = await real.asAdmin('/v1/admin/sessions/revoke', { session_id: session.sid })
    expect(status).toBe(isOver ? 404 : 200)
    session.revoked = true
  }),
  about('cutoffVisitor', ['refresh'], async ({ session: { visitor } }, model, real) => {
    expect((await real.asAdmin('/v1/admin/sessions/revoke', { visitor_id: visitor })).status).toBe(200)
    model.cutoffs.set(`visitor ${visitor}`, model.now)
  }),
  fc.constantFrom(...users, 'client_key', 'account').map((subject) =>
    command(`cutoff(${subject})`, async (model, real) => {
      const bodies: Record<string, object> = {
        account: { account: true },
        client_key: { client_key_id: real.clientKeyPath.split('/').at(-1) },
      }
      const body = bodies[subject] ?? { user_id: subject }
      expect((await real.asAdmin('/v1/admin/sessions/revoke', body)).status).toBe(200)
      model.cutoffs.set(bodies[subject] ? subject : `user ${subject}`, model.now)
    }),
  ),
]

const circumstances = [
  fc.boolean().map((disabled) =>
    command(`clientKey(${disabled ? 'off' : 'on'})`, async (model, real) => {
      expect((await real.asAdmin(real.clientKeyPath, { disabled })).status).toBe(200)
      model.clientKeyDisabled = disabled
    }),
  ),
  fc.constant(
    command('secretKey', async (model, real) => {
      if (model.secretKeyDisabled) await real.hireWorker()
      else expect((await real.dismissWorker()).status).toBe(200)
      model.secretKeyDisabled = !model.secretKeyDisabled
    }),
  ),
  fc.constant(
    command('rotateSigningKey', async (_, real) => {
      expect((await real.asAdmin('/v1/admin/signing_keys/rotate', {})).status).toBe(200)
    }),
  ),
]

const time = fc
  .constantFrom(
    1,
    999,
    1000,
    9_999,
    10_000,
    10_001,
    60_000,
    299_999,
    300_000,
    900_000,
    3_600_000,
    86_399_999,
    86_400_000,
  )
  .map((milliseconds) =>
    command(`wait(${milliseconds})`, async (model, real) => {
      real.clock.advance(milliseconds)
      model.now = real.clock.now()
      await real.keyRing.maintain()
    }),
  )

const look = about('introspect', everyKind, async (token, model, real) => introspectAlike(token, model, real))

/** Compares what the server and the model say about a token. */
export async function introspectAlike(token: ModelToken, model: Model, real: Real): Promise<void> {
  const said = await real.introspect(token.token)
  if (isActive(model, token)) expect(said).toMatchObject({ active: true, token_type: token.kind })
  else expect(said).toEqual({ active: false })
}

/** Sequences of commands, in which minting and using are more frequent than ending everything. */
export const tokenCommands = fc.commands(
  [...mints, ...mints, ...uses, ...uses, ...ends, ...circumstances, time, time, look],
  {
    maxCommands: 30,
    size: 'max',
  },
)
