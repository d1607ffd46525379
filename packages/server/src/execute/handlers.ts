import type { OperationId, Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { createAccount, listAccounts } from '../admin/accounts.js'
import { listActivity } from '../admin/activity.js'
import { createApiKey, disableApiKey, listApiKeys, rotateApiKey } from '../admin/api-keys.js'
import { listAudit } from '../admin/audit.js'
import { getCard, listCards, upsertCard } from '../admin/cards.js'
import { createClientKey, listClientKeys, updateClientKey } from '../admin/client-keys.js'
import { getCustomer, listCustomers, upsertCustomer } from '../admin/customers.js'
import { endSessions } from '../admin/end-sessions.js'
import { getEmbedPolicy } from '../admin/get-embed-policy.js'
import { getRefusals, listRefusals } from '../admin/refusals.js'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '../admin/signing-keys.js'
import { initializeBridge } from '../bridge/initialize-bridge.js'
import { issueCardToken } from '../card/issue-card-token.js'
import { identify } from '../tokens/identify.js'
import { introspectToken } from '../tokens/introspect-token.js'
import { redeemCardToken } from '../tokens/redeem-card-token.js'
import { revokeToken } from '../tokens/revoke-token.js'
import { exchangeVisitorToken } from '../visitor/exchange-visitor-token.js'
import { getConfig } from '../visitor/get-config.js'
import { mintEmbedTicket } from '../visitor/mint-embed-ticket.js'
import { mintGuest } from '../visitor/mint-guest.js'
import { mintUserToken } from '../visitor/mint-user-token.js'
import { refreshSession } from '../visitor/refresh-session.js'
import type { ContextOf, DecidingContextOf } from './contexts.js'
import type { Rule } from './rule.js'

type Handlers = {
  readonly [Id in OperationId]: Rule<
    ContextOf<Operations[Id]>,
    ParsedInputOf<Operations[Id]>,
    OutputOf<Operations[Id]>,
    DecidingContextOf<Operations[Id]>
  >
}

/** The rule of every operation; an operation without one does not compile. */
export const handlers: Handlers = {
  'bridge.initialize': initializeBridge,
  'visitor.guest': mintGuest,
  'visitor.userToken': mintUserToken,
  'visitor.exchange': exchangeVisitorToken,
  'visitor.refresh': refreshSession,
  'visitor.config': getConfig,
  'visitor.embedTicket': mintEmbedTicket,
  'card.widgetToken': issueCardToken,
  'tokens.redeem': redeemCardToken,
  'tokens.introspect': introspectToken,
  'tokens.revoke': revokeToken,
  'tokens.identify': identify,
  'admin.accounts.create': createAccount,
  'admin.accounts.list': listAccounts,
  'admin.apiKeys.create': createApiKey,
  'admin.apiKeys.list': listApiKeys,
  'admin.apiKeys.rotate': rotateApiKey,
  'admin.apiKeys.disable': disableApiKey,
  'admin.clientKeys.create': createClientKey,
  'admin.clientKeys.list': listClientKeys,
  'admin.clientKeys.update': updateClientKey,
  'admin.clientKeys.embedPolicy': getEmbedPolicy,
  'admin.customers.upsert': upsertCustomer,
  'admin.customers.get': getCustomer,
  'admin.customers.list': listCustomers,
  'admin.cards.upsert': upsertCard,
  'admin.cards.get': getCard,
  'admin.cards.list': listCards,
  'admin.sessions.revoke': endSessions,
  'admin.signingKeys.list': listSigningKeys,
  'admin.signingKeys.rotate': rotateSigningKey,
  'admin.signingKeys.revoke': revokeSigningKey,
  'admin.activity.list': listActivity,
  'admin.refusals.get': getRefusals,
  'admin.refusals.list': listRefusals,
  'admin.audit.list': listAudit,
}
