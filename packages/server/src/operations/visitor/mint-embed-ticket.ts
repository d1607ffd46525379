import type { OutputOf, visitorEmbedTicket } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { requireEnabled } from '../../sessions/client-key-rules.js'
import { judgeOrigin } from '../../sessions/judge-origin.js'
import type { OwnClaims, SignedToken } from '../../signing/sign-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'

interface Deps {
  readonly clientKey: ClientKey
  readonly clock: Pick<Clock, 'now'>
  readonly origin: string
  readonly sign: (kind: 'embed-ticket', claims: OwnClaims<'embed-ticket'>) => SignedToken
}

/** Mints the host page's proof of its origin, for its iframe. */
export const mintEmbedTicket = { run }

async function run({ clientKey, clock, origin, sign }: Deps): Promise<OutputOf<typeof visitorEmbedTicket>> {
  requireEnabled(clientKey)
  // the server's own widget origins may make other calls, but none of them is a host page
  if (judgeOrigin(clientKey, origin, clock.now()) === 'refused') {
    const explain = () => ({
      seen: `${origin}, which is an origin of the server's own widgets and not on the allowlist`,
    })
    throw new HallpassError('origin_not_allowed', messages.notAHostPage, { explain })
  }
  const { token, expiresIn } = sign('embed-ticket', { sub: clientKey.id, account_id: clientKey.accountId, origin })
  return { ticket: token, expires_in: expiresIn }
}
