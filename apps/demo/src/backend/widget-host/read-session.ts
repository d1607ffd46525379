import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import { Faults, jwtKinds, parseWith, type SessionClaims } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'

/** The claims of the session token that came along, if Hallpass calls it active now. Throws HallpassClientError, 401. */
export async function readSession(hallpass: HallpassClient, request: FastifyRequest): Promise<SessionClaims> {
  const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
  const session = token === '' ? undefined : await hallpass.tokens.introspect({ token })
  if (session?.active && session.token_type === 'widget-session') {
    const { active: _, token_type: __, ...claims } = session
    const parsed = parseWith(jwtKinds['widget-session'].claims, claims)
    if (!(parsed instanceof Faults)) return parsed
  }
  throw new HallpassClientError('unauthenticated', 'This session is over.', { status: 401 })
}
