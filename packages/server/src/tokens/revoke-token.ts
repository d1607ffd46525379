import { type JwtKind, type OutputOf, type ParsedInputOf, parseToken, type tokensRevoke } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { hashCardToken } from '../keys/card-token.js'
import type { DerivedKeys } from '../keys/derive-keys.js'
import { openRefreshToken } from '../sessions/refresh-token.js'
import { revokeSession } from '../sessions/session.js'
import type { Verify } from '../signing/verify-token.js'
import type { Account } from '../store/accounts.js'
import type { Store } from '../store/store.js'

type Input = ParsedInputOf<typeof tokensRevoke>

interface Needs {
  readonly account: Account
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly verify: Verify
  readonly store: Pick<Store, 'decideToken' | 'revokeCardToken' | 'rotateSession' | 'revokeSession' | 'findSession'>
}

/** RFC 7009, for every kind of token. Says the same whether or not there was something to revoke. */
export const revokeToken = { act }

async function act(needs: Needs, { token }: Input): Promise<OutputOf<typeof tokensRevoke>> {
  const jwt = parseToken(token)
  if (jwt) await revokeJwt(needs, jwt.kind, token)
  else await revokeOpaque(needs, token)
  return {}
}

async function revokeJwt(needs: Needs, kind: JwtKind, token: string): Promise<void> {
  // whoever signs out with a session token that is a minute too old still means the session
  const claims = await needs.verify(kind, token, { evenExpired: kind === 'widget-session' })
  if (claims?.account_id !== needs.account.id) return
  const accountId = claims.account_id
  if ('sid' in claims) {
    await revokeSession(needs, { accountId, sid: claims.sid }, claims.iat * 1000)
    return
  }
  const times = { now: needs.clock.now(), expiresAt: claims.exp * 1000 }
  await needs.store.decideToken({ accountId, kind, jti: claims.jti }, 'revoked', times)
}

async function revokeOpaque(needs: Needs, token: string): Promise<void> {
  const state = await openRefreshToken(needs.keys, token)
  if (!state) {
    await needs.store.revokeCardToken(needs.account.id, hashCardToken(needs.keys, token), needs.clock.now())
    return
  }
  if (state.account_id !== needs.account.id) return
  await revokeSession(needs, { accountId: state.account_id, sid: state.sid }, state.started_at)
}
