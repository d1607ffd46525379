// Constants and helpers for code that doesn't need the schemas. Nothing here may import zod, which is large.
export { bytesOfBase64url, isCanonicalBase64url } from './base64url.js'
export { decodeText, InvalidText } from './decode-text.js'
export { type Dialect, publishedReason, type RefusalReason, refusalReasons } from './dialects.js'
export {
  type CardStatus,
  type CustomerStatus,
  cardStatuses,
  cardStatusesFor,
  customerStatuses,
  endedCardStatuses,
  endedCustomerStatuses,
  kindScopes,
  type SandboxOutcome,
  type Scope,
  sandboxOutcomes,
  scopes,
  type WidgetType,
  widgetTypes,
} from './enums.js'
export { exposedHeaders, requestHeaders, tracingIdPattern, uuidPattern } from './headers.js'
export { holdsScope } from './holds-scope.js'
export { isPlainObject } from './is-plain-object.js'
export {
  importPublicKey,
  isSignedBy,
  type PublicJwk,
  type PublicKey,
  type TokenAlg,
  tokenAlgs,
} from './is-signed-by.js'
export { type Reason, type RefusalStatus, reasons } from './reasons.js'
export { type Repeat, type RepeatTree, repeats } from './repeats.js'
export {
  accountRevocationsPath,
  type CutoffThing,
  type DeclaredNames,
  type Ending,
  endingsOfDeclared,
  endingsOfSession,
  mintingKeyOf,
  type RevokedThing,
  revocationName,
  revocationNameLength,
  revocationsPath,
  revocationText,
  type SessionNames,
  unlistedOriginOf,
  unnamedApiKey,
} from './revocation-names.js'
export { isSecretName, redacted } from './secret-names.js'
export { statusPhrases } from './status-phrases.js'
export { timeOfId } from './time-of-id.js'
export { visitorPaths } from './visitor-paths.js'
export {
  type DeliveryState,
  deliveryStates,
  type WebhookEvent,
  type WebhookType,
  webhookEvents,
  webhookTest,
} from './webhook-events.js'
export { widgetAuthPath } from './widget-auth-path.js'
