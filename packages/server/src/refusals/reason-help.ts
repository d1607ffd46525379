import type { RefusalReason } from '@hallpass/contracts'

/**
 * What the refusal log says about a reason if the refusal has no explanation of its own: what was expected, and how to
 * fix it.
 */
export const reasonHelp: Readonly<Record<RefusalReason, { readonly rule: string; readonly fix: string }>> = {
  malformed_request: {
    rule: 'The body must be one JSON object in UTF-8, or the form that the operation accepts.',
    fix: 'Send the body as the operation documents it.',
  },
  invalid_header: {
    rule: 'A header must be sent once, with a valid value.',
    fix: 'Correct the header that the response names, or omit it.',
  },
  invalid_path_parameter: {
    rule: 'A path parameter must have its documented format.',
    fix: 'Correct the id in the path.',
  },
  invalid_query_parameter: {
    rule: 'A query parameter must be sent once, in its documented format.',
    fix: 'Correct the query parameter that the response names.',
  },
  missing_field: {
    rule: 'A required field must be a non-empty string.',
    fix: 'Send the field that the response names.',
  },
  invalid_token: {
    rule: 'The token must be from this server and of the right kind, and not expired, used or revoked.',
    fix: 'Get a new token. `hallpass tokens inspect` shows what is wrong with a token.',
  },
  client_key_mismatch: {
    rule: 'The visitor token must belong to the client key that the page uses.',
    fix: "Request a visitor token with the page's own client_key. The token was not spent, and the guest session continues.",
  },
  invalid_dpop_proof: {
    rule: 'A session that is bound to a key needs a DPoP header with a fresh proof of that key (RFC 9449).',
    fix: 'Pass `binding: bindToKey()` to createWidgetSession. Check the clock of the device, and HALLPASS_PUBLIC_URL.',
  },
  unauthenticated: {
    rule: 'The call needs an active secret key.',
    fix: 'Send the header “Authorization: Bearer <secret key>”.',
  },
  insufficient_scope: {
    rule: 'The secret key must have the scope of the operation.',
    fix: 'Use a key with this scope.',
  },
  account_disabled: {
    rule: 'The account of the secret key, or the account that it acts for, must be enabled.',
    fix: 'Enable it with a key of its parent: `hallpass accounts update --account-id <id> --disabled=false`.',
  },
  origin_not_allowed: {
    rule: 'The Origin must be on the allowlist of the client key.',
    fix: 'Add the origin to origin_allowlist of the client key, with `hallpass client-keys update`.',
  },
  auth_mode_not_allowed: {
    rule: 'The auth_mode of the client key must allow the session: guest, user or both.',
    fix: 'Set auth_mode to both with `hallpass client-keys update`, or start the other kind of session.',
  },
  widget_disabled: {
    rule: 'widget_enabled of the client key must be true.',
    fix: 'Enable the widget: `hallpass client-keys update --widget-enabled`.',
  },
  client_key_not_available: {
    rule: 'client_key must be an active client key of the same account as the secret key.',
    fix: 'Use a client key from `hallpass client-keys list`.',
  },
  not_found: {
    rule: 'The record must exist in the account in scope. Records of other accounts count as missing.',
    fix: 'Check the id, the secret key, and Straddle-Account-Id.',
  },
  method_not_allowed: {
    rule: 'A path accepts its documented methods only.',
    fix: 'Use a method that the Allow header of the response lists.',
  },
  idempotency_conflict: {
    rule: 'An Idempotency-Key belongs to one request. A different request needs its own key.',
    fix: 'Use a new Idempotency-Key for each new request.',
  },
  idempotency_in_progress: {
    rule: 'Only one request with an Idempotency-Key can run at a time.',
    fix: 'Wait a second, then repeat the request with the same key.',
  },
  payload_too_large: {
    rule: 'A body may have at most 65,536 bytes.',
    fix: 'Send less data. metadata and traits may have at most 4 KiB.',
  },
  unsupported_media_type: {
    rule: 'A body must have the documented Content-Type and no Content-Encoding.',
    fix: 'Send application/json, or application/x-www-form-urlencoded to /oauth2.',
  },
  validation_failed: {
    rule: 'The input must match the schema of the operation, without unknown fields.',
    fix: 'Correct the fields that the response names.',
  },
  state_conflict: {
    rule: 'The status of the customer, card or key must allow this.',
    fix: 'Change its status first, or use another one.',
  },
  token_already_used: {
    rule: 'A token can be used as often as its kind says; a card widget token once.',
    fix: 'Get a new token. If your own request used it, repeat that request with its Idempotency-Key.',
  },
  token_expired: {
    rule: 'A token is valid for the time that its kind says, a card widget token for 5 minutes.',
    fix: 'Get a new token and open the widget right away.',
  },
  token_revoked: {
    rule: 'The token must not be revoked.',
    fix: 'Get a new token.',
  },
  token_wrong_widget_type: {
    rule: 'A card widget token is valid for one widget type.',
    fix: 'Redeem it with that widget_type. The token was not spent.',
  },
  token_wrong_resource: {
    rule: 'A token with a resource is for that resource only.',
    fix: 'Ask for the resource that the token was minted for. The token was not spent.',
  },
  token_action_not_allowed: {
    rule: 'A token permits the actions that its mint named.',
    fix: 'Mint a token with this action. The token was not spent.',
  },
  rate_limited: {
    rule: 'The number of calls in a time window is limited.',
    fix: 'Wait for the time in Retry-After, and call less often. Behind a proxy, callers share one limit unless HALLPASS_TRUST_PROXY is set.',
  },
  internal_error: {
    rule: 'This is an error of the server, not of the request.',
    fix: 'Look for the id of this request in the log of the server.',
  },
  unavailable: {
    rule: 'The database must be reachable.',
    fix: 'Try again. If the error persists, run `hallpass doctor` on the host of the server.',
  },
}
