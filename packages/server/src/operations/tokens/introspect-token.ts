import {
  type ClaimsOf,
  endedCustomerStatuses,
  type JwtKind,
  mintingKeyOf,
  type OutputOf,
  type ParsedInputOf,
  type ParsedToken,
  parseToken,
  timeOfId,
  type tokensIntrospect,
} from '@hallpass/contracts'
import { type Clock, toSeconds } from '../../clock.js'
import { hashCardToken } from '../../crypto/card-token.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { cardStatusConflict } from '../../revocation/card-status-conflict.js'
import { type Belongings, cutoffsOf, isCoveredBy, isEndedByCutoff } from '../../revocation/is-ended-by-cutoff.js'
import { judgeOrigin } from '../../sessions/judge-origin.js'
import { openRefreshToken, timeFaultOf } from '../../sessions/refresh-token.js'
import { isDeclared } from '../../signing/declared-tokens.js'
import type { KeyRing } from '../../signing/key-ring.js'
import type { Verify } from '../../signing/verify-token.js'
import type { Account } from '../../store/queries/accounts.js'
import { latestIssue } from '../../store/queries/card-tokens.js'
import type { Store } from '../../store/store.js'
import { introspectKindToken } from '../kinds/introspect-kind-token.js'

type Input = ParsedInputOf<typeof tokensIntrospect>
type Answer = OutputOf<typeof tokensIntrospect>

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'verificationKey'>
  readonly verify: Verify
  readonly store: Pick<
    Store,
    | 'findCardTokenStanding'
    | 'findClientKeyById'
    | 'findCustomer'
    | 'findKind'
    | 'findKindToken'
    | 'findCutoff'
    | 'findSession'
    | 'findSessionStanding'
    | 'isTokenFinal'
  >
}

const inactive: Answer = { active: false }

/**
 * RFC 7662, for every kind of token. Anything that isn't an active token of the account is inactive, without a reason.
 */
export const introspectToken = { run }

async function run(deps: Deps, { token }: Input): Promise<Answer> {
  // its own keys are refused, so this is its parent
  if (deps.account.disabled) return inactive
  const jwt = parseToken(token)
  if (jwt && !isDeclared(jwt.payload)) return introspectJwt(deps, jwt, token)
  const others = [introspectKindToken, introspectRefreshToken, introspectCardToken]
  for (const introspect of others) {
    const answer = await introspect(deps, token)
    if (answer) return answer
  }
  return inactive
}

async function introspectJwt(deps: Deps, parsed: ParsedToken, token: string): Promise<Answer> {
  const { kind } = parsed
  const claims = await deps.verify(kind, token, { parsed })
  if (claims?.account_id !== deps.account.id) return inactive
  const name = { accountId: claims.account_id, kind, jti: claims.jti }
  const owner = ownerOf(claims)
  if ('sid' in claims) {
    const standing = await deps.store.findSessionStanding(name, claims.sid, cutoffsOf(owner))
    if (standing.isFinal || standing.revokedAt !== null) return inactive
    if (isCoveredBy(standing.notBefore, timeOfId(claims.sid))) return inactive
  } else {
    if (await deps.store.isTokenFinal(name)) return inactive
    if (await isEndedByCutoff(deps, owner, timeOfId(claims.jti))) return inactive
  }
  if (kind === 'bridge' && !(await isServed(deps, claims))) return inactive
  if (owner.client_key_id !== undefined && !(await isAccepted(deps, owner))) return inactive
  return { active: true, token_type: kind, ...claims }
}

/** Whether the client key is enabled and, for a session of observe mode, its origin is still observed or allowed. */
async function isAccepted({ clock, store }: Deps, owner: Belongings): Promise<boolean> {
  const { account_id, client_key_id = '', origin, origin_unlisted } = owner
  const clientKey = await store.findClientKeyById(account_id, client_key_id)
  if (!clientKey || clientKey.disabled) return false
  return !origin_unlisted || origin === undefined || judgeOrigin(clientKey, origin, clock.now()) !== 'refused'
}

/** Whether the customer of a bridge token could still get another one. */
async function isServed({ store }: Deps, { account_id, sub }: ClaimsOf<JwtKind>): Promise<boolean> {
  const customer = await store.findCustomer(account_id, sub)
  return customer !== undefined && !endedCustomerStatuses.includes(customer.status)
}

function ownerOf(claims: ClaimsOf<JwtKind>): Belongings {
  const { account_id } = claims
  // an embed ticket
  if (!('client_key_id' in claims) && 'origin' in claims) return { account_id, client_key_id: claims.sub }
  const api_key_id = mintingKeyOf(claims)
  if (!('client_key_id' in claims)) return { account_id, customer_id: claims.sub, api_key_id }
  const { client_key_id, sub: visitor_id, user } = claims
  const doubt = 'sid' in claims ? { origin: claims.origin, origin_unlisted: claims.origin_unlisted } : {}
  return { account_id, client_key_id, visitor_id, user_id: user?.id, api_key_id, ...doubt }
}

async function introspectRefreshToken(deps: Deps, token: string): Promise<Answer | undefined> {
  const state = await openRefreshToken(deps.keys, token)
  if (!state) return undefined
  if (state.account_id !== deps.account.id || timeFaultOf(state, deps.clock.now())) return inactive
  const session = await deps.store.findSession({ accountId: state.account_id, sid: state.sid })
  if ((session?.counter ?? 0) !== state.counter || (session && session.revokedAt !== null)) return inactive
  if (!(await isAccepted(deps, state))) return inactive
  const owner = { ...state, user_id: state.user?.id, api_key_id: mintingKeyOf(state) }
  if (await isEndedByCutoff(deps, owner, state.started_at)) return inactive
  const { sid, client_key_id, api_key_id, agent_id, auth_mode, origin, origin_unlisted, user } = state
  const { traits, metadata, jkt } = state
  return {
    active: true,
    token_type: 'refresh',
    iss: deps.issuer(),
    aud: deps.issuer(),
    sub: state.visitor_id,
    iat: toSeconds(state.issued_at),
    exp: toSeconds(state.expires_at),
    jti: `${sid}.${state.counter}`,
    account_id: state.account_id,
    ...{ sid, client_key_id, api_key_id, agent_id, auth_mode, origin, origin_unlisted, user, traits, metadata },
    ...(jkt === undefined ? {} : { cnf: { jkt } }),
  }
}

async function introspectCardToken(deps: Deps, token: string): Promise<Answer | undefined> {
  const row = await deps.store.findCardTokenStanding(deps.account.id, hashCardToken(deps.keys, token))
  const now = deps.clock.now()
  if (!row || row.isEnded || row.redeemed_at !== null || row.revoked_at !== null) return undefined
  if (row.expires_at <= now || row.issued_at > latestIssue(now)) return undefined
  const { status, customerStatus } = row
  if (status === null || customerStatus === null) return undefined
  if (cardStatusConflict({ status, customerStatus }, row.widget_type)) return undefined
  return {
    active: true,
    token_type: 'card',
    iss: deps.issuer(),
    aud: 'card',
    sub: row.card_id,
    iat: toSeconds(row.issued_at),
    exp: toSeconds(row.expires_at),
    jti: row.jti,
    account_id: deps.account.id,
    card_id: row.card_id,
    widget_type: row.widget_type,
    tenant: deps.account.tenant,
  }
}
