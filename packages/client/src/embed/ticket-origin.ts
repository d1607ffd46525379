import { isObject } from '../browser/held-session.js'

/** The origin that an embed ticket names; undefined when it is none. Its signature is the service's to check. */
export function ticketOrigin(ticket: string): string | undefined {
  const [, payload = ''] = ticket.split('.')
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return isObject(claims) && typeof claims.origin === 'string' ? claims.origin : undefined
  } catch {
    return undefined
  }
}
