export type { AuditEntry } from './admin/audit.js'
export type { Refusal } from './admin/refusals.js'
export {
  type AllowlistRule,
  allowsOrigin,
  formatAllowlistRule,
  parseAllowlistEntry,
} from './allowlist.js'
export { bridgeInitialize } from './bridge.js'
export { cardWidgetToken } from './card.js'
export {
  type BridgeClaims,
  type ClaimsOf,
  DeclaredClaims,
  type EmbedTicketClaims,
  type JwtKind,
  jwtKinds,
  opaqueLifetimes,
  type SessionClaims,
  type SessionTyp,
  sessionTyps,
  type TokenKind,
  TokenUser,
  type VisitorClaims,
} from './claims.js'
export * from './core/index.js'
export { type CheckedProof, checkProof, type ProofIssue, proofWindowSeconds } from './dpop/check-proof.js'
export { thumbprintOf } from './dpop/thumbprint.js'
export { corsAnswer, EmbedPolicy, type EmbedPolicyInput, embedPolicy, frameAncestors } from './embed/embed-policy.js'
export { explainOrigin, OriginVerdict } from './embed/explain-origin.js'
export { type EncodedRequest, encodeRequest } from './encode-request.js'
export { CodeError, EnvelopeError, errorBodies, OAuthError, ResponseMetadata, successBody } from './error-bodies.js'
export {
  ClientKeyId,
  type ClientKeyPatch,
  type ClientKeySettings,
  Fixture,
  type FixtureAccount,
  type SessionTokenForm,
} from './fixture.js'
export { tokensIdentify } from './identify.js'
export { type Issue, Issues, parseWith, withoutControls } from './issues.js'
export { type ParsedJws, type ParsedToken, parseJws, parseToken } from './jwt/parse-token.js'
export { type ClaimsIssue, leewaySeconds, validateClaims } from './jwt/validate-claims.js'
export { validateDeclaredClaims } from './jwt/validate-declared-claims.js'
export { type BuiltInKind, builtInKindNames, builtInKinds } from './kinds/built-in-kinds.js'
export { type ClaimIssue, findClaimsIssue } from './kinds/check-claims.js'
export { findClaimsSchemaIssue } from './kinds/check-claims-schema.js'
export {
  type AdminKind,
  KindDeclaration,
  KindName,
  longestJwtSeconds,
  maxKinds,
  toDeclaration,
} from './kinds/declaration.js'
export { readVerifiedDeclaration } from './kinds/read-verified-declaration.js'
export { audienceOf, typOf } from './kinds/token-names.js'
export { kindsMint, kindsPageToken, kindsRedeem } from './kinds/tokens.js'
export { openApiDocument } from './openapi.js'
export {
  type BackendCaller,
  type BackendOperation,
  type Caller,
  dependsOnOrigin,
  type IdempotencyPolicy,
  type InputOf,
  type Operation,
  type OutputOf,
  type PageOperation,
  type ParsedInputOf,
  type Priority,
  priorities,
} from './operation.js'
export { findOperation, type OperationId, type Operations, operations } from './operations.js'
export { appSchemes, isHttpOrigin, isPageOrigin } from './page-origin.js'
export { parseInputOf } from './parse-input-of.js'
export { publishedSecrets } from './published-secrets.js'
export {
  type FeedCutoff,
  RevocationFeed,
  revocationStreamPath,
  revocationsCacheSeconds,
  revocationsTyp,
} from './revocations.js'
export {
  describeSandboxFaults,
  parseSandboxFault,
  type SandboxFault,
  type SandboxFaultText,
  sandboxFaultsOf,
} from './sandbox-fault.js'
export { jsonObject } from './scalars.js'
export { accessTokenType, visitorTokenExchange } from './token-exchange.js'
export { introspectionTyp, tokensIntrospect, tokensRedeem, tokensRevoke } from './tokens.js'
export { isLocalUrl, isOutboundUrl, type TrustedIssuer } from './trusted-issuers.js'
export { visitorExchange, visitorGuest, visitorLogout, visitorRefresh, visitorUserToken } from './visitor.js'
export { visitorConfig, visitorEmbedTicket } from './visitor-page.js'
export type { WidgetConfig, WidgetSession } from './visitor-schemas.js'
export { webhookExample, webhookPayloads, webhookSchema } from './webhook-payloads.js'
