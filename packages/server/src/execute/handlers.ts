import type { Operation, OperationId, Operations, OutputOf, ParsedInputOf, TokenKind } from '@hallpass/contracts'

import { createAccount, listAccounts } from '../operations/admin/accounts.js'
import { listActivity } from '../operations/admin/activity.js'
import { createApiKey, disableApiKey, listApiKeys, rotateApiKey } from '../operations/admin/api-keys.js'
import { listAudit } from '../operations/admin/audit.js'
import { getCard, listCards, upsertCard } from '../operations/admin/cards.js'
import { allowOrigin, createClientKey, listClientKeys, updateClientKey } from '../operations/admin/client-keys.js'
import { getCustomer, listCustomers, upsertCustomer } from '../operations/admin/customers.js'
import { endSessions } from '../operations/admin/end-sessions.js'
import { getCaller } from '../operations/admin/get-caller.js'
import { getEmbedPolicy } from '../operations/admin/get-embed-policy.js'
import { disableKind, getKind, listKinds, putKind } from '../operations/admin/kinds.js'
import { getRefusals, listRefusals } from '../operations/admin/refusals.js'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '../operations/admin/signing-keys.js'
import { tryClientKey } from '../operations/admin/try-client-key.js'
import { updateAccount } from '../operations/admin/update-account.js'
import { listWebhookDeliveries } from '../operations/admin/webhook-deliveries.js'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  replayWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from '../operations/admin/webhooks.js'
import { initializeBridge } from '../operations/bridge/initialize-bridge.js'
import { issueCardToken } from '../operations/card/issue-card-token.js'
import { redeemCardToken } from '../operations/card/redeem-card-token.js'
import { mintKindToken } from '../operations/kinds/mint-kind-token.js'
import { mintPageToken } from '../operations/kinds/mint-page-token.js'
import { redeemKindToken } from '../operations/kinds/redeem-kind-token.js'
import { identify } from '../operations/tokens/identify.js'
import { introspectToken } from '../operations/tokens/introspect-token.js'
import { revokeToken } from '../operations/tokens/revoke-token.js'
import { exchangeToken } from '../operations/visitor/exchange-token.js'
import { exchangeVisitorToken } from '../operations/visitor/exchange-visitor-token.js'
import { getConfig } from '../operations/visitor/get-config.js'
import { logOut } from '../operations/visitor/log-out.js'
import { mintEmbedTicket } from '../operations/visitor/mint-embed-ticket.js'
import { mintGuest } from '../operations/visitor/mint-guest.js'
import { mintUserToken } from '../operations/visitor/mint-user-token.js'
import { refreshSession } from '../operations/visitor/refresh-session.js'
import type { ContextOf, DecidingContextOf } from './contexts.js'
import type { Handler } from './handler.js'

type Handlers = {
  readonly [Id in OperationId]: Handler<
    ContextOf<Operations[Id]>,
    ParsedInputOf<Operations[Id]>,
    OutputOf<Operations[Id]>,
    DecidingContextOf<Operations[Id]>
  > &
    ErrorsOf<Operations[Id]>
}

/**
 * An operation that spends tokens needs errors for a spent and a revoked token, because a sandbox account can ask for
 * them.
 */
type ErrorsOf<O extends Operation> = O extends { readonly spends: TokenKind }
  ? Required<Pick<Handler<unknown, unknown, unknown>, 'sandboxErrors'>>
  : unknown

/** The handler of every operation. An operation without one does not compile. */
export const handlers: Handlers = {
  'bridge.initialize': initializeBridge,
  'visitor.guest': mintGuest,
  'visitor.userToken': mintUserToken,
  'visitor.exchange': exchangeVisitorToken,
  'visitor.tokenExchange': exchangeToken,
  'visitor.refresh': refreshSession,
  'visitor.logout': logOut,
  'visitor.config': getConfig,
  'visitor.embedTicket': mintEmbedTicket,
  'card.widgetToken': issueCardToken,
  'tokens.redeem': redeemCardToken,
  'kinds.mint': mintKindToken,
  'kinds.pageToken': mintPageToken,
  'kinds.redeem': redeemKindToken,
  'tokens.introspect': introspectToken,
  'tokens.revoke': revokeToken,
  'tokens.identify': identify,
  'admin.caller.get': getCaller,
  'admin.accounts.create': createAccount,
  'admin.accounts.list': listAccounts,
  'admin.accounts.update': updateAccount,
  'admin.apiKeys.create': createApiKey,
  'admin.apiKeys.list': listApiKeys,
  'admin.apiKeys.rotate': rotateApiKey,
  'admin.apiKeys.disable': disableApiKey,
  'admin.clientKeys.create': createClientKey,
  'admin.clientKeys.list': listClientKeys,
  'admin.clientKeys.update': updateClientKey,
  'admin.clientKeys.allowOrigin': allowOrigin,
  'admin.clientKeys.embedPolicy': getEmbedPolicy,
  'admin.clientKeys.try': tryClientKey,
  'admin.customers.upsert': upsertCustomer,
  'admin.customers.get': getCustomer,
  'admin.customers.list': listCustomers,
  'admin.cards.upsert': upsertCard,
  'admin.cards.get': getCard,
  'admin.cards.list': listCards,
  'admin.kinds.put': putKind,
  'admin.kinds.get': getKind,
  'admin.kinds.list': listKinds,
  'admin.kinds.disable': disableKind,
  'admin.sessions.revoke': endSessions,
  'admin.signingKeys.list': listSigningKeys,
  'admin.signingKeys.rotate': rotateSigningKey,
  'admin.signingKeys.revoke': revokeSigningKey,
  'admin.webhooks.create': createWebhook,
  'admin.webhooks.list': listWebhooks,
  'admin.webhooks.get': getWebhook,
  'admin.webhooks.update': updateWebhook,
  'admin.webhooks.rotateSecret': rotateWebhookSecret,
  'admin.webhooks.delete': deleteWebhook,
  'admin.webhooks.test': testWebhook,
  'admin.webhooks.deliveries': listWebhookDeliveries,
  'admin.webhooks.replay': replayWebhook,
  'admin.activity.list': listActivity,
  'admin.refusals.get': getRefusals,
  'admin.refusals.list': listRefusals,
  'admin.audit.list': listAudit,
}
