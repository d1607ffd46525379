import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { SessionClaims } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'
import { readToken } from './read-token.js'

/** The claims of the request's session token. Throws HallpassClientError with status 401 if the token isn't active. */
export async function readSession(hallpass: HallpassClient, request: FastifyRequest): Promise<SessionClaims> {
  const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
  const claims = token === undefined ? undefined : await readToken(hallpass, 'widget-session', token)
  if (claims) return claims
  throw new HallpassClientError('unauthenticated', 'This session has ended.', { status: 401 })
}
