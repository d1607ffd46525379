import { type OutputOf, type ParsedInputOf, type ParsedToken, parseToken, type tokensRevoke } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { hashCardToken } from '../../crypto/card-token.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { type RecordChange, replaceNames } from '../../revocation/replace-names.js'
import { openRefreshToken } from '../../sessions/refresh-token.js'
import { revokeSession } from '../../sessions/session.js'
import { isDeclared } from '../../signing/declared-tokens.js'
import type { KeyRing } from '../../signing/key-ring.js'
import type { Verify } from '../../signing/verify-token.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store, Transactional } from '../../store/store.js'
import { sessionEnded, tokenFact } from '../../webhooks/facts.js'
import { isSubscribed, tellIn } from '../../webhooks/tell.js'
import type { WebhookFact } from '../../webhooks/webhook-event.js'
import type { FindDeps } from '../kinds/find-kind-token.js'
import { revocationOfKindToken } from '../kinds/revoke-kind-token.js'

type Input = ParsedInputOf<typeof tokensRevoke>

type RevokingStore = Pick<
  Store,
  | 'consumeOrRevokeToken'
  | 'findKind'
  | 'findKindToken'
  | 'findCutoff'
  | 'isTokenFinal'
  | 'revokeKindToken'
  | 'revokeCardToken'
  | 'findCardToken'
  | 'rotateSession'
  | 'revokeSession'
  | 'findSession'
  | 'appendAuditEntry'
  | 'emptyFullFeed'
  | 'addCutoff'
  | 'addWebhookEvent'
  | 'findSubscribedTypes'
>

/** What was revoked, for the history. Never the token itself. */
interface Revoked {
  readonly kind: string
  readonly targetId: string
  readonly subject: { readonly subject: string; readonly widget_type?: string }
}

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'verificationKey'>
  readonly verify: Verify
  readonly store: FindDeps['store'] & Transactional<RevokingStore>
  readonly record: RecordChange
}

type Revoke = (store: RevokingStore) => Promise<Revoked | undefined>

/** RFC 7009, for every kind of token. The response is the same whether or not something was revoked. */
export const revokeToken = { run }

async function run(deps: Deps, { token }: Input): Promise<OutputOf<typeof tokensRevoke>> {
  const jwt = parseToken(token)
  const isBuiltIn = jwt && !isDeclared(jwt.payload)
  const revoke = isBuiltIn
    ? await revokeJwt(deps, jwt, token)
    : ((await revocationOfKindToken(deps, token)) ?? (await revokeOpaque(deps, token)))
  if (!revoke) return {}
  const { clock, record } = deps
  return deps.store.transaction(async (store) => {
    const revoked = await revoke(store)
    if (!revoked) return {}
    const { kind, subject, targetId } = revoked
    await record(store, { input: { kind, ...subject }, value: {}, targetId })
    if (await isSubscribed(store, deps.account.id, told)) {
      await tellIn({ clock, store }, deps.account.id, [factOf(revoked)])
    }
    return replaceNames({ clock, store, record, now: clock.now() }, deps.account.id)
  })
}

const told = ['session.ended', 'token.revoked'] as const

/** Both tokens of a session stand for the session. */
function factOf({ kind, targetId, subject }: Revoked): WebhookFact {
  if (kind !== 'widget-session' && kind !== 'refresh') return tokenFact('token.revoked', { kind, token_id: targetId })
  return sessionEnded({ session_id: targetId, visitor_id: subject.subject }, 'revoked')
}

async function revokeJwt(deps: Deps, parsed: ParsedToken, token: string): Promise<Revoke | undefined> {
  const { kind } = parsed
  // a sign-out with a session token that has just expired still ends the session
  const evenExpired = kind === 'widget-session'
  const claims = await deps.verify(kind, token, { parsed, evenExpired, evenEarly: true })
  if (claims?.account_id !== deps.account.id) return undefined
  const { clock } = deps
  const accountId = claims.account_id
  if ('sid' in claims) {
    const { sid, sub } = claims
    return (store) => endSession({ clock, store }, { kind, accountId, sid, visitorId: sub }, claims.iat * 1000)
  }
  const times = { now: clock.now(), expiresAt: claims.exp * 1000 }
  return async (store) => {
    const isRevoked = await store.consumeOrRevokeToken({ accountId, kind, jti: claims.jti }, 'revoked', times)
    return isRevoked ? { kind, targetId: claims.jti, subject: { subject: claims.sub } } : undefined
  }
}

async function revokeOpaque(deps: Deps, token: string): Promise<Revoke | undefined> {
  const { clock } = deps
  const accountId = deps.account.id
  const state = await openRefreshToken(deps.keys, token)
  if (!state) return (store) => revokeCardToken(store, accountId, hashCardToken(deps.keys, token), clock.now())
  if (state.account_id !== accountId) return undefined
  const session = { kind: 'refresh', accountId, sid: state.sid, visitorId: state.visitor_id }
  return (store) => endSession({ clock, store }, session, state.started_at)
}

async function endSession(
  deps: { readonly clock: Clock; readonly store: RevokingStore },
  { kind, accountId, sid, visitorId }: Record<'kind' | 'accountId' | 'sid' | 'visitorId', string>,
  startedBy: number,
): Promise<Revoked | undefined> {
  if (!(await revokeSession(deps, { accountId, sid }, startedBy))) return undefined
  return { kind, targetId: sid, subject: { subject: visitorId } }
}

async function revokeCardToken(
  store: RevokingStore,
  accountId: string,
  hash: string,
  now: number,
): Promise<Revoked | undefined> {
  if (!(await store.revokeCardToken(accountId, hash, now))) return undefined
  const row = await store.findCardToken(accountId, hash)
  return row && { kind: 'card', targetId: row.jti, subject: { subject: row.card_id, widget_type: row.widget_type } }
}
