import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { SessionClaims } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'
import { readToken } from './read-token.js'

/** The claims of the session token that came along, if Hallpass calls it active now. Throws HallpassClientError, 401. */
export async function readSession(hallpass: HallpassClient, request: FastifyRequest): Promise<SessionClaims> {
  const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
  const claims = token === undefined ? undefined : await readToken(hallpass, 'widget-session', token)
  if (claims) return claims
  throw new HallpassClientError('unauthenticated', 'This session is over.', { status: 401 })
}
