import { leewaySeconds, TokenUser } from '@hallpass/contracts'
import { z } from 'zod'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { learnAndOpen, sealRefresh } from '../crypto/numbered-seal.js'

/** The contents of a refresh token: the whole session, so that minting one needs no row. Times in milliseconds. */
export const RefreshState = z.strictObject({
  sid: z.string(),
  /** How many times the session was rotated before this token. */
  counter: z.int().nonnegative(),
  account_id: z.string(),
  client_key_id: z.string(),
  /** The secret key that vouched for the user of the session. */
  api_key_id: z.string().min(1).optional(),
  visitor_id: z.string(),
  agent_id: z.string(),
  auth_mode: z.enum(['guest', 'user']),
  origin: z.string().optional(),
  /** It began in observe mode, and its origin was not allowed since. */
  origin_unlisted: z.literal(true).optional(),
  user: TokenUser.optional(),
  traits: z.record(z.string(), z.unknown()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** The thumbprint of the key that the session is bound to. */
  jkt: z.string().min(1).optional(),
  started_at: z.int(),
  issued_at: z.int(),
  expires_at: z.int(),
})
export type RefreshState = z.infer<typeof RefreshState>

const prefix = 'hprt_'
const context = 'refresh-token'
/** The length of the largest sealed state (see the test of the longest token). */
const maxLength = 40_000

/** The token of a state. Under the same data key, the same state always gives the same bytes. */
export function sealRefreshToken({ ring }: Pick<DerivedKeys, 'ring'>, state: RefreshState): string {
  return prefix + sealRefresh(ring.active(), { plaintext: JSON.stringify(state), context })
}

/** The state of a token that this service sealed, expired or not. Undefined for anything else. */
export async function openRefreshToken(
  { ring }: Pick<DerivedKeys, 'ring'>,
  token: string,
): Promise<RefreshState | undefined> {
  if (!token.startsWith(prefix) || token.length > maxLength) return undefined
  const plaintext = await learnAndOpen(ring, 'refreshToken', token.slice(prefix.length), context)
  // a token of a newer version may contain fields that this version doesn't know
  return plaintext === undefined ? undefined : RefreshState.safeParse(JSON.parse(plaintext)).data
}

/** Why the state of a refresh token is not valid at this time, in milliseconds. Undefined if it is valid. */
export function timeFaultOf(
  { started_at, issued_at, expires_at }: Pick<RefreshState, 'started_at' | 'issued_at' | 'expires_at'>,
  now: number,
): 'expired' | 'not_yet_valid' | undefined {
  if (expires_at <= now) return 'expired'
  return Math.max(started_at, issued_at) > now + leewaySeconds * 1000 ? 'not_yet_valid' : undefined
}
