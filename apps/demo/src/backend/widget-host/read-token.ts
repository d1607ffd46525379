import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import { type BridgeClaims, type ClaimsOf, Issues, jwtKinds, parseWith, type SessionClaims } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'

/** The claims of the request's session token. Throws HallpassClientError with status 401 if the token isn't active. */
export async function readSession(hallpass: HallpassClient, request: FastifyRequest): Promise<SessionClaims> {
  const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
  const claims = token === undefined ? undefined : await readToken(hallpass, 'widget-session', token)
  if (claims) return claims
  throw new HallpassClientError('unauthenticated', 'This session has ended.', { status: 401 })
}

/** The claims of an active bridge token. Any other token throws the same error. */
export async function readBridgeToken(hallpass: HallpassClient, token: string): Promise<BridgeClaims> {
  const claims = await readToken(hallpass, 'bridge', token)
  if (claims) return claims
  throw new HallpassClientError('invalid_token', 'This bridge token is invalid or has expired.', { status: 400 })
}

/** The claims of an active token of this kind. Undefined for any other token. */
async function readToken<K extends 'bridge' | 'widget-session'>(
  hallpass: HallpassClient,
  kind: K,
  token: string,
): Promise<ClaimsOf<K> | undefined> {
  const answer = await hallpass.tokens.introspect({ token })
  if (!answer.active || answer.token_type !== kind) return undefined
  const { active: _, token_type: __, ...claims } = answer
  const parsed = parseWith(jwtKinds[kind].claims, claims)
  // the compiler can't relate the table's schema to K
  return parsed instanceof Issues ? undefined : (parsed as ClaimsOf<K>)
}
