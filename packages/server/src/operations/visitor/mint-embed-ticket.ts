import { allowsOrigin, type OutputOf, type visitorEmbedTicket } from '@hallpass/contracts'
import { HallpassError } from '../../errors.js'
import type { OwnClaims, SignedToken } from '../../signing/sign-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import { requireEnabled } from './client-key-rules.js'

interface Deps {
  readonly clientKey: ClientKey
  readonly origin: string
  readonly sign: (kind: 'embed-ticket', claims: OwnClaims<'embed-ticket'>) => SignedToken
}

/** The host page's proof, for its iframe, of the origin it has (wire 2). */
export const mintEmbedTicket = { run }

async function run({ clientKey, origin, sign }: Deps): Promise<OutputOf<typeof visitorEmbedTicket>> {
  requireEnabled(clientKey)
  // a widget origin of our own is let in elsewhere, but is no host page
  if (!allowsOrigin(clientKey.allowlist, origin)) {
    const explain = () => ({ seen: `${origin}, an origin of the server's own widgets and not on the allowlist` })
    throw new HallpassError('origin_not_allowed', 'not a host page', { explain })
  }
  const { token, expiresIn } = sign('embed-ticket', { sub: clientKey.id, account_id: clientKey.accountId, origin })
  return { ticket: token, expires_in: expiresIn }
}
