import { adminAccountsOperations } from './admin/accounts.js'
import { adminActivityOperations } from './admin/activity.js'
import { adminAuditOperations } from './admin/audit.js'
import { adminCallerOperations } from './admin/caller.js'
import { adminCustomersOperations } from './admin/customers.js'
import { adminEmbedOperations } from './admin/embed.js'
import { adminKeysOperations } from './admin/keys.js'
import { adminKindsOperations } from './admin/kinds.js'
import { adminRefusalsOperations } from './admin/refusals.js'
import { adminSessionsOperations } from './admin/sessions.js'
import { adminWebhooksOperations } from './admin/webhooks.js'
import { bridgeInitialize } from './bridge.js'
import { cardWidgetToken } from './card.js'
import { tokensIdentify } from './identify.js'
import { kindsMint, kindsPageToken, kindsRedeem } from './kinds/tokens.js'
import type { Operation } from './operation.js'
import { visitorTokenExchange } from './token-exchange.js'
import { tokensIntrospect, tokensRedeem, tokensRevoke } from './tokens.js'
import { visitorExchange, visitorGuest, visitorLogout, visitorRefresh, visitorUserToken } from './visitor.js'
import { visitorConfig, visitorEmbedTicket } from './visitor-page.js'

/** Every operation by id. Transports, handlers, commands and the OpenAPI document are built from this table. */
export const operations = {
  'bridge.initialize': bridgeInitialize,
  'visitor.guest': visitorGuest,
  'visitor.userToken': visitorUserToken,
  'visitor.exchange': visitorExchange,
  'visitor.tokenExchange': visitorTokenExchange,
  'visitor.refresh': visitorRefresh,
  'visitor.logout': visitorLogout,
  'visitor.config': visitorConfig,
  'visitor.embedTicket': visitorEmbedTicket,
  'card.widgetToken': cardWidgetToken,
  'tokens.redeem': tokensRedeem,
  'kinds.mint': kindsMint,
  'kinds.pageToken': kindsPageToken,
  'kinds.redeem': kindsRedeem,
  'tokens.introspect': tokensIntrospect,
  'tokens.revoke': tokensRevoke,
  'tokens.identify': tokensIdentify,
  ...adminCallerOperations,
  ...adminAccountsOperations,
  ...adminKeysOperations,
  ...adminEmbedOperations,
  ...adminCustomersOperations,
  ...adminKindsOperations,
  ...adminSessionsOperations,
  ...adminWebhooksOperations,
  ...adminRefusalsOperations,
  ...adminAuditOperations,
  ...adminActivityOperations,
} as const satisfies Record<string, Operation>

const byId: ReadonlyMap<string, Operation> = new Map(Object.entries(operations))

/** The operation with this id, if it exists. */
export const findOperation = (id: string): Operation | undefined => byId.get(id)

export type OperationId = keyof typeof operations
export type Operations = typeof operations
