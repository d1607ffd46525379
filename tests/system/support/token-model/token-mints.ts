import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { expect } from 'vitest'
import { acme } from '../fixtures/fixture.js'
import { cardPath, paths } from '../fixtures/mint.js'
import type { CallResponse } from '../servers/assembled-server.js'
import type { Real } from './real-server.js'
import { jwtUntil, type Model, type ModelToken } from './token-model.js'

export type Kind = ModelToken['kind']
export type TokenOf<K extends Kind> = ModelToken & { readonly kind: K }
export type TokenCommand = fc.AsyncCommand<Model, Real>

/** One command, skipped if `check` rejects it. */
export const command = (
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Model) => boolean = () => true,
): TokenCommand => ({ run, check, toString: () => name })

/** A command about one of the existing tokens, counted from the newest. */
export const about = <K extends Kind>(
  name: string,
  kinds: readonly K[],
  run: (token: TokenOf<K>, model: Model, real: Real) => Promise<void>,
) => {
  const isOne = (token: ModelToken): token is TokenOf<K> => (kinds as readonly Kind[]).includes(token.kind)
  return fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 7 })).map((back) => {
    const pick = (model: Model) => {
      const tokens = model.tokens.filter(isOne)
      return tokens.at(-1 - (back % tokens.length))
    }
    return command(
      `${name}(${back})`,
      async (model, real) => {
        const token = pick(model)
        if (token) await run(token, model, real)
      },
      (model) => pick(model) !== undefined,
    )
  })
}

export const users = ['ada', 'bob'] as const
export const everyKind = ['bridge', 'visitor', 'card', 'widget-session', 'refresh'] as const
const at = (model: Model, seconds: number) => ({ began: model.now, until: jwtUntil(model.now, seconds), ended: false })

/** Records a session that was returned, new or refreshed. */
export function noteSession(model: Model, { body }: CallResponse, moved?: TokenOf<'refresh'>['session']): void {
  const user = body.user as { id: string } | undefined
  const session = moved ?? {
    sid: String(body.session_id),
    visitor: String(body.visitor_id),
    user: user?.id,
    began: model.now,
    refreshTokens: [],
    rotatedAt: 0,
    refreshUntil: model.now + 86_400_000,
    revoked: false,
  }
  expect(body).toMatchObject({ session_id: session.sid, visitor_id: session.visitor })
  const [token, refreshToken] = [String(body.token), String(body.refresh_token)]
  model.tokens.push({ kind: 'widget-session', token, session, ...at(model, 900) })
  if (session.refreshTokens.at(-1) === refreshToken) return
  session.refreshTokens.push(refreshToken)
  model.tokens.push({ kind: 'refresh', token: refreshToken, session, ...at(model, 0), until: session.refreshUntil })
}

async function mintVisitor(model: Model, real: Real, user: string): Promise<void> {
  const response = await real.asWorker(paths.userToken, { client_key: acme.clientKey, user_id: user })
  expect(response.status).toBe(model.secretKeyDisabled ? 401 : model.clientKeyDisabled ? 403 : 200)
  if (response.status !== 200) return
  const token = String(response.body.token)
  model.tokens.push({ kind: 'visitor', token, user, visitor: String(decodeJwt(token).sub), ...at(model, 300) })
}

async function mintBridge(model: Model, real: Real): Promise<void> {
  const { status, body } = await real.asWorker(paths.bridge, { customer_id: acme.customer })
  expect(status).toBe(model.secretKeyDisabled ? 401 : 200)
  if (status !== 200) return
  const token = (body.data as { bridge_token: string }).bridge_token
  model.tokens.push({ kind: 'bridge', token, ...at(model, 14_400) })
}

async function mintGuest(model: Model, real: Real): Promise<void> {
  const response = await real.fromShop(paths.guest, { client_key: acme.clientKey })
  expect(response.status).toBe(model.clientKeyDisabled ? 403 : 200)
  if (response.status === 200) noteSession(model, response)
}

async function mintCard(model: Model, real: Real): Promise<void> {
  const { status, body } = await real.asWorker(cardPath(acme.activeCard, 'REVEAL'))
  expect(status).toBe(model.secretKeyDisabled ? 401 : 200)
  if (status !== 200) return
  const token = String(body.widget_token)
  model.tokens.push({ kind: 'card', token, ...at(model, 0), until: model.now + 300_000 })
}

/** Something to start with. */
export async function mintSome(model: Model, real: Real): Promise<void> {
  await mintGuest(model, real)
  await mintVisitor(model, real, 'ada')
  await mintCard(model, real)
}

/** The commands that create tokens. */
export const mints = [
  fc.constant(command('guest', mintGuest)),
  fc.constant(command('card', mintCard)),
  fc.constantFrom(...users).map((user) => command(`visitor(${user})`, (model, real) => mintVisitor(model, real, user))),
  fc.constant(command('bridge', mintBridge)),
  fc.constant(
    command('twins', (model, real) =>
      real.withoutChance(async () => {
        await mintVisitor(model, real, 'ada')
        await mintBridge(model, real)
      }),
    ),
  ),
]
