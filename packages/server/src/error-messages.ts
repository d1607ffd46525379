/**
 * The messages of all error responses, grouped by reason. Each situation has one message, whatever the operation and the
 * transport. A message says what was wrong and, if that helps, what to do. It never quotes the caller's input.
 * Documented phrases of the Visitor API, which differ, are in the contracts.
 */
export const messages = {
  // malformed_request
  malformed: 'The request is not well formed.',
  localHostOnly: 'This server is for localhost and 127.0.0.1 only.',
  invalidJson: (part: string) => `The ${part} is not valid JSON.`,
  invalidUtf8: 'The body is not valid UTF-8.',
  incompleteBody: 'The request ended before its body did.',
  tooManyParameters: (maximum: number) => `A query or form holds at most ${maximum} parameters.`,
  tooManyCalls: (maximum: number) => `A batch holds at most ${maximum} calls.`,
  invalidBatch: 'The input of a batch must be an object of inputs by index.',
  invalidReport: 'The body must be a list of matches.',

  // missing_field
  missingField: (name: string) => `${name} is required.`,

  // invalid_header
  repeatedHeader: (name: string) => `The ${name} header must be sent once.`,
  invalidHeader: (name: string) => `The ${name} header value is not valid.`,
  invalidIdempotencyKey: (allowed: string) => `The Idempotency-Key header must be ${allowed}.`,
  batchWithIdempotencyKey: 'A batch of several calls cannot carry an Idempotency-Key.',
  unknownFault: (header: string, faults: string) => `The ${header} header must be one of: ${faults}.`,
  faultsOff: (header: string) => `The ${header} header does not work on this server.`,
  faultInProduction: (header: string) => `The ${header} header works for sandbox accounts only.`,
  unsupportedFault: 'This operation does not have that fault.',

  // unauthenticated
  invalidApiKey: 'Missing or invalid API key.',
  invalidMetricsToken: 'Missing or invalid metrics token.',
  invalidSignature: 'The signature is missing or invalid.',

  // insufficient_scope
  missingScope: (scope: string) => `The API key lacks the scope ${scope}.`,
  scopeAboveOwn: (scope: string) => `The API key lacks the scope ${scope}, which the other key has or would get.`,

  // invalid_token, client_key_mismatch
  invalidVisitorToken: 'The token is missing, invalid or expired, or was already used. Get a new token.',
  invalidSubjectToken: 'The subject token is invalid or expired, was already used, or its issuer is not trusted.',
  invalidRefreshToken: 'The refresh token is missing, invalid or expired, or was already used. Start a new session.',
  invalidSession: 'The session token is invalid or has expired, or its session has ended. Refresh it.',
  otherClientKey: 'The token belongs to another client key. Use a token of the client key of this page.',

  // invalid_dpop_proof
  invalidProof: 'This session needs a valid, unused DPoP proof of its key.',

  // account_disabled
  accountDisabled: 'The account is disabled. Its parent account, or the operator of the server, can enable it.',

  // origin_not_allowed
  originNotAllowed: 'The Origin is not on the allowlist of this client key.',
  noEmbedTicket: 'This page needs a valid embed ticket of the page that embeds it.',
  notAHostPage: 'This page cannot get embed tickets, because its Origin is not on the allowlist of this client key.',

  // auth_mode_not_allowed, widget_disabled, client_key_not_available
  authModeNotAllowed: (mode: string) => `This client key does not allow ${mode} sessions.`,
  widgetDisabled: 'The widget of this client key is disabled.',
  clientKeyNotAvailable: 'client_key is not available to this API key.',

  // not_found, method_not_allowed
  nothingAtPath: 'There is nothing at this path.',
  noAccount: 'The account was not found.',
  noCustomer: 'The customer was not found.',
  notInAccount: (what: string) => `No such ${what} in this account.`,
  noSigningKey: 'No such signing key.',
  noProcedure: 'No such procedure.',
  notAnAccountId: 'This is not the id of an account: a UUID in lower case.',
  nothingEnded: (detail: string) => `Nothing was ended: ${detail}.`,
  allowedMethods: (methods: string) => `This path takes ${methods}.`,
  postOnly: 'This procedure takes POST.',
  otherMethod: 'This procedure takes another method.',

  // idempotency_conflict, idempotency_in_progress
  keyReused: 'The Idempotency-Key was already used for a different request; use a new key.',
  keyReusedOrForeign:
    'The Idempotency-Key was already used for a different request or by another secret key; use a new key.',
  responseDeleted: 'The response for this Idempotency-Key is no longer available; use a new key.',
  stillRunning: 'A request with this Idempotency-Key is still running; try again shortly.',

  // payload_too_large, unsupported_media_type
  bodyTooLarge: (maximumBytes: number) => `The body must be at most ${maximumBytes} bytes.`,
  contentEncoding: 'A Content-Encoding is not supported; send the body as it is.',
  contentType: (expected: string) => `The Content-Type must be ${expected}.`,
  unsupportedContentType: 'The Content-Type is not supported.',

  // validation_failed
  invalidField: (reference: string, detail: string) => `${reference} ${detail}.`,
  invalidRequest: (detail: string) => `The request ${detail}.`,
  otherAgent: 'The agent is not the agent of this client key.',
  outcomeInProduction: 'sandbox_outcome cannot be used in production.',

  // state_conflict
  cardStatus: (status: string, widgetType: string, needed: string) =>
    `The card is ${status}; ${widgetType} needs ${needed}.`,
  cardCustomerStatus: (status: string) => `The customer of the card is ${status}.`,
  customerStatus: (status: string) => `The customer is ${status}.`,
  statusChanged: 'The status of the card or its customer changed during this request. Try again.',
  labelTaken: 'Another account of this tree has this tenant label; choose another one.',
  allowlistFull: 'The allowlist has 200 entries. Remove one first.',
  clientKeyName: 'The public name of a client key cannot be changed.',
  localIssuer: 'A jwks_uri must be an https URL; one of the server itself works in development only.',
  localWebhook: 'A webhook URL must be an https URL; one of the server itself works in development only.',
  tooManyWebhooks: 'The account has 10 webhook endpoints. Delete one first.',
  webhookDisabled: 'The webhook endpoint is disabled; enable it first.',
  audienceTaken: 'This audience belongs to another account; choose another one.',
  accountField: (field: string) => `The ${field} of an account cannot be changed.`,
  ownAccount:
    'A key can change only the name of its own account. Use a key of the parent account, or `hallpass accounts update` on the host.',
  justDisabled: 'The account was disabled less than 10 seconds ago. Try again.',
  keyEnded: 'The key is disabled or has expired; create a new one.',
  keyRotated: (successorId: string) => `The key was already rotated. Rotate its successor ${successorId} instead.`,
  lastAdministrator:
    'No other key could administer the account for as long. To disable the key anyway, set "force" to true.',
  kindAudienceTaken: 'This audience belongs to another kind or account; choose another one.',
  kindNameIsAudience: 'This name is the audience of another account. Choose another name, or set an audience.',
  kindField: (field: string) => `The ${field} of a kind cannot be changed. Declare a kind with another name.`,
  kindRevision: (revision: number) => `The kind has the revision ${revision}. Read it again, then repeat the change.`,
  kindDisabled: 'The kind is disabled, for good. Declare a kind with another name.',
  kindOfPages: 'Only pages can mint this kind.',
  kindNotBindable: 'This page must bind its tokens to a key, and an opaque token can’t be bound.',
  kindEnded: 'The kind is disabled, for good.',
  tooManyKinds: (maximum: number) => `The account already has ${maximum} kinds, disabled ones included.`,
  cardIdTaken: 'This card id, or this customer, cannot be used in this account.',
  customerIdTaken: 'This customer id cannot be used in this account.',

  // token_already_used, token_expired, token_revoked, token_wrong_widget_type
  widgetTokenUsed: 'The widget token was already used.',
  widgetTokenExpired: 'The widget token has expired.',
  widgetTokenRevoked: 'The widget token was revoked.',
  otherWidgetType: (widgetType: string) => `The widget token was made for ${widgetType}; it was not spent.`,

  // also token_wrong_resource, token_action_not_allowed
  kindTokenUsed: 'The token was already used as often as it can be.',
  kindTokenExpired: 'The token has expired, or its first use came too late.',
  kindTokenRevoked: 'The token was revoked.',
  otherResource: 'The token is for another resource; it was not spent.',
  otherAction: 'The token does not permit this action; it was not spent.',

  // rate_limited
  tooManyRequests: 'Too many requests; wait before trying again.',

  // internal_error
  internalError: 'Internal server error.',

  // unavailable
  unavailable: 'The service is temporarily unavailable; try again.',
  overloaded: 'The service is overloaded; wait before trying again.',
  metricsUnavailable: 'The metrics are temporarily unavailable; try again.',
  tooManyFeedReaders: 'Too many revocation feeds are being read; try again.',
  tooManyStreams: 'Too many streams are open. Request the document instead.',
} as const
