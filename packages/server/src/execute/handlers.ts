import type { OperationId, Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { initializeBridge } from '../bridge/initialize-bridge.js'
import { issueCardToken } from '../card/issue-card-token.js'
import { introspectToken } from '../tokens/introspect-token.js'
import { redeemCardToken } from '../tokens/redeem-card-token.js'
import { revokeToken } from '../tokens/revoke-token.js'
import { exchangeVisitorToken } from '../visitor/exchange-visitor-token.js'
import { getConfig } from '../visitor/get-config.js'
import { mintEmbedTicket } from '../visitor/mint-embed-ticket.js'
import { mintGuest } from '../visitor/mint-guest.js'
import { mintUserToken } from '../visitor/mint-user-token.js'
import { refreshSession } from '../visitor/refresh-session.js'
import type { ContextOf } from './contexts.js'
import type { Rule } from './rule.js'

type Handlers = {
  readonly [Id in OperationId]: Rule<ContextOf<Operations[Id]>, ParsedInputOf<Operations[Id]>, OutputOf<Operations[Id]>>
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
}
