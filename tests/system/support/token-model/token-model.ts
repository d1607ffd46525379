/** A session in the model. Times in milliseconds. */
export interface ModelSession {
  readonly sid: string
  readonly visitor: string
  readonly user: string | undefined
  readonly began: number
  /** Every refresh token of the session, the current one last. */
  readonly refreshTokens: string[]
  rotatedAt: number
  refreshUntil: number
  revoked: boolean
}

interface Common {
  readonly token: string
  readonly began: number
  /** From this time on, it is inactive. */
  readonly until: number
  /** Spent or revoked. */
  ended: boolean
}
export type ModelToken =
  | (Common & { readonly kind: 'bridge' })
  | (Common & { readonly kind: 'visitor'; readonly visitor: string; readonly user: string })
  | (Common & { readonly kind: 'card'; endedBy?: 'TOKEN_ALREADY_USED' | 'TOKEN_REVOKED' })
  | (Common & { readonly kind: 'widget-session' | 'refresh'; readonly session: ModelSession })

/** The documented behavior of tokens, in as little code as possible. */
export interface Model {
  now: number
  clientKeyDisabled: boolean
  secretKeyDisabled: boolean
  readonly tokens: ModelToken[]
  /** `scope subject`, and the latest time before which everything ended. */
  readonly cutoffs: Map<string, number>
}

const hour = 3_600_000
const secondsUp = (ms: number) => Math.floor(ms / 1000) * 1000
export const jwtUntil = (began: number, seconds: number) => secondsUp(began) + seconds * 1000

export const newModel = (now: number): Model => ({
  now,
  clientKeyDisabled: false,
  secretKeyDisabled: false,
  tokens: [],
  cutoffs: new Map(),
})

const isEndedByCutoff = ({ cutoffs }: Model, began: number, owner: { visitor?: string; user?: string | undefined }) =>
  [`account`, ...(owner.visitor ? ['client_key', `visitor ${owner.visitor}`, `user ${owner.user}`] : [])].some(
    (name) => began <= (cutoffs.get(name) ?? -1),
  )

/** Whether it has not expired. JWTs count whole seconds. */
const isInTime = ({ now }: Model, { kind, until }: ModelToken) =>
  until > (kind === 'card' || kind === 'refresh' ? now : secondsUp(now))

export function isActive(model: Model, token: ModelToken): boolean {
  if (token.ended || !isInTime(model, token)) return false
  if (token.kind === 'bridge' || token.kind === 'card') return !isEndedByCutoff(model, token.began, {})
  if (model.clientKeyDisabled) return false
  if (token.kind === 'visitor') return !isEndedByCutoff(model, token.began, token)
  const { session } = token
  if (session.revoked || isEndedByCutoff(model, session.began, session)) return false
  return token.kind === 'widget-session' || session.refreshTokens.at(-1) === token.token
}

/** 200 for the next refresh token or, within 10 s, the same one again; 400 ends the session; 403 ends nothing. */
export function refresh(model: Model, token: ModelToken & { kind: 'refresh' }): 'next' | 'same' | 400 | 403 {
  const { session } = token
  if (!isInTime(model, token)) return 400
  if (model.clientKeyDisabled) return 403
  if (isEndedByCutoff(model, session.began, session)) return 400
  const age = session.refreshTokens.length - 1 - session.refreshTokens.indexOf(token.token)
  if (!session.revoked && age === 0) {
    session.rotatedAt = model.now
    session.refreshUntil = Math.min(model.now + 24 * hour, session.began + 7 * 24 * hour)
    return 'next'
  }
  if (!session.revoked && age === 1 && model.now - session.rotatedAt <= 10_000) return 'same'
  session.revoked = true
  return 400
}

/** Spends a visitor token, and ends the guest session of the call. */
export function exchange(model: Model, token: ModelToken & { kind: 'visitor' }, guest?: ModelToken): 200 | 400 | 403 {
  if (!isInTime(model, token)) return 400
  if (model.clientKeyDisabled) return 403
  if (!isActive(model, token)) return 400
  if (guest) {
    if (guest.kind !== 'widget-session' || guest.session.user !== undefined || !isActive(model, guest)) return 400
    guest.session.revoked = true
  }
  token.ended = true
  return 200
}

export function redeem(model: Model, token: ModelToken & { kind: 'card' }): 200 | string {
  if (token.endedBy) return token.endedBy
  if (isEndedByCutoff(model, token.began, {})) return 'TOKEN_REVOKED'
  if (!isInTime(model, token)) return 'TOKEN_EXPIRED'
  token.ended = true
  token.endedBy = 'TOKEN_ALREADY_USED'
  return 200
}

export function revoke(model: Model, token: ModelToken): void {
  if (token.kind === 'card') token.endedBy ??= 'TOKEN_REVOKED'
  if ('session' in token) token.session.revoked = true
  else if (token.kind === 'card' || isInTime(model, token)) token.ended = true
}
