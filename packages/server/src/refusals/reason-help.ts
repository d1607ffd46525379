import type { RefusalReason } from '@hallpass/contracts'

/** What to say of a reason where the refusal itself explains no more: what is demanded, and what to do. */
export const reasonWords: Readonly<Record<RefusalReason, { readonly rule: string; readonly fix: string }>> = {
  malformed_request: {
    rule: 'The request must be readable: one JSON object in UTF-8, or the form that the operation takes.',
    fix: 'Send the body as the operation documents it.',
  },
  invalid_header: {
    rule: 'A header may be sent once, with a value of its documented form.',
    fix: 'Correct the header that the answer names, or leave it out.',
  },
  invalid_path_parameter: {
    rule: 'What stands in the path must have its documented form.',
    fix: 'Correct the id in the path.',
  },
  invalid_query_parameter: {
    rule: 'What stands in the query must have its documented form, once.',
    fix: 'Correct the parameter in the query.',
  },
  missing_field: {
    rule: 'A required field must be sent, as a text that is not empty.',
    fix: 'Send the field that the answer names.',
  },
  invalid_token: {
    rule: 'The token must be live: of the right kind, of this server, not expired, not used, not revoked.',
    fix: 'Get a new token; `hallpass tokens inspect` tells what is wrong with one.',
  },
  client_key_mismatch: {
    rule: 'The visitor token must be of the client key that the page uses.',
    fix: "Ask user-token for a token with the page's own client_key. The token was not spent, and the guest session goes on.",
  },
  unauthenticated: {
    rule: 'A live secret key is needed.',
    fix: 'Send Authorization: Bearer and a live secret key.',
  },
  insufficient_scope: {
    rule: 'The secret key must have the scope of the operation.',
    fix: 'Use a key with this scope.',
  },
  origin_not_allowed: {
    rule: 'The Origin must be on the allowlist of the client key.',
    fix: 'Add the origin to origin_allowlist of the client key, by `hallpass client-keys update`.',
  },
  auth_mode_not_allowed: {
    rule: 'auth_mode of the client key says which visitors may come: guest, user or both.',
    fix: 'Set auth_mode to both, by `hallpass client-keys update`, or use the other way in.',
  },
  widget_disabled: {
    rule: 'widget_enabled of the client key must be true.',
    fix: 'Switch the widget on: `hallpass client-keys update --widget-enabled`.',
  },
  client_key_not_available: {
    rule: 'client_key must be a live client key of the account of the secret key.',
    fix: 'Use a client key from `hallpass client-keys list`.',
  },
  not_found: {
    rule: 'What is named must exist in the account in scope; what belongs to another account does not.',
    fix: 'Check the id, and which account the key and Straddle-Account-Id stand for.',
  },
  method_not_allowed: {
    rule: 'A path takes its documented methods only.',
    fix: 'Use the method that the answer names in Allow.',
  },
  idempotency_conflict: {
    rule: 'An Idempotency-Key stands for one request; a different request needs a key of its own.',
    fix: 'Use a new Idempotency-Key for each new request.',
  },
  idempotency_in_progress: {
    rule: 'A request with an Idempotency-Key is done once at a time.',
    fix: 'Wait a second and repeat the request with the same key.',
  },
  payload_too_large: {
    rule: 'A body holds at most 65,536 bytes.',
    fix: 'Send less; metadata and traits hold at most 4 KiB.',
  },
  unsupported_media_type: {
    rule: 'A body is sent with the documented Content-Type and without a Content-Encoding.',
    fix: 'Send application/json, or application/x-www-form-urlencoded to /oauth2.',
  },
  validation_failed: {
    rule: 'The input must fit the schema of the operation, and hold no unknown field.',
    fix: 'Correct the fields that the answer names.',
  },
  state_conflict: {
    rule: 'The state of the customer, card or key must permit this.',
    fix: 'Change its state first, or use another one.',
  },
  token_already_used: {
    rule: 'A card widget token is spent once.',
    fix: 'Get a new token. If it was you who spent it, repeat that request with its Idempotency-Key.',
  },
  token_expired: {
    rule: 'A card widget token lives for 5 minutes.',
    fix: 'Get a new token, and open the widget right away.',
  },
  token_revoked: {
    rule: 'A revoked token stays revoked.',
    fix: 'Get a new token.',
  },
  token_wrong_widget_type: {
    rule: 'A card widget token opens the one widget type that it was made for.',
    fix: 'Redeem it with that widget_type; it was not spent.',
  },
  rate_limited: {
    rule: 'So many calls in so many seconds, and no more.',
    fix: 'Wait as Retry-After says, and call less often.',
  },
  internal_error: {
    rule: 'This was a fault of the server, not of the request.',
    fix: "Look for this request's id in the server's log.",
  },
  unavailable: {
    rule: 'The database must be reachable.',
    fix: 'Try again; if it goes on, run `hallpass doctor` on the host of the server.',
  },
}
