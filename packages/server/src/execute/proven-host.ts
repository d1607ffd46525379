import { openRefreshToken } from '../sessions/refresh-token.js'
import type { Services } from './services.js'

/**
 * The origin of the page that embeds a refused page, if the call proves it with an embed ticket or a session of the
 * same client key. The refused page is then a widget whose origin is missing from the server's settings.
 */
export async function provenHost(
  services: Pick<Services, 'verify' | 'keys'>,
  clientKeyId: string,
  raw: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const { embed_ticket: ticket, session_token: session, refresh_token: refresh } = raw
  if (typeof ticket === 'string') {
    const claims = await services.verify('embed-ticket', ticket, { evenExpired: true })
    if (claims?.sub === clientKeyId) return claims.origin
  }
  if (typeof session === 'string') {
    const claims = await services.verify('widget-session', session, { evenExpired: true })
    if (claims?.client_key_id === clientKeyId) return claims.origin
  }
  if (typeof refresh !== 'string') return undefined
  const state = await openRefreshToken(services.keys, refresh)
  return state?.client_key_id === clientKeyId ? state.origin : undefined
}
