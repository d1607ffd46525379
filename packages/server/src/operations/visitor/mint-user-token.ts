import type { OutputOf, ParsedInputOf, visitorUserToken } from '@hallpass/contracts'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { redactValue } from '../../refusals/redact-value.js'
import { requireAgent, requireOpenFor } from '../../sessions/client-key-rules.js'
import type { OwnClaims, SignedToken } from '../../signing/sign-token.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import { visitorIdOf } from './visitor-id-of.js'

type Input = ParsedInputOf<typeof visitorUserToken>

interface Deps {
  readonly account: Account
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly keys: DerivedKeys
  readonly store: { findClientKey(clientKey: string): Promise<ClientKey | undefined> }
  readonly sign: (kind: 'visitor', claims: OwnClaims<'visitor'>) => SignedToken
}

/** Mints a visitor token for a user whom the customer's backend vouches for. Writes nothing. */
export const mintUserToken = { run }

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof visitorUserToken>> {
  const clientKey = await deps.store.findClientKey(input.client_key)
  if (clientKey?.accountId !== deps.account.id) {
    const explain = () => ({ seen: redactValue(input.client_key) })
    throw new HallpassError('client_key_not_available', messages.clientKeyNotAvailable, { explain })
  }
  requireOpenFor(clientKey, 'user')
  requireAgent(clientKey, input.agent_id)
  const userId = input.user_id ?? input.external_user_id ?? ''
  const { token, expiresIn, expiresAt } = deps.sign('visitor', {
    sub: visitorIdOf(deps.keys, clientKey, userId),
    account_id: clientKey.accountId,
    client_key_id: clientKey.id,
    api_key_id: deps.apiKey.id,
    agent_id: clientKey.config.agent.id,
    // an omitted field is undefined here and absent from the token
    user: { id: userId, display_name: input.display_name, email: input.email },
    traits: input.traits,
  })
  return { token, user_token: token, token_type: 'Bearer', expires_in: expiresIn, expires_at: expiresAt }
}
