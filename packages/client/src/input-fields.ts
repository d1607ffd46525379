// Made by `npm run generate`. Change the contracts, not this file.
// biome-ignore-all lint/style/noExcessiveLinesPerFile: one line for each field

/** What the fields of the inputs mean. */
export interface InputFields {
  readonly 'bridge.initialize': {
    /** The unique identifier of the customer to create a bridge token for. */
    customer_id?: unknown
    /** How the paykey is processed. sandbox_outcome (standard by default) is rejected in production. */
    config?: unknown
    /** Unique identifier for the paykey in your database, used for cross-referencing. */
    external_id?: unknown
  }
  readonly 'visitor.guest': {
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** Must be the client key's agent */
    agent_id?: unknown
    /** A language tag, or a locale as a system writes it (pt_BR.UTF-8); ignored if it names no language */
    locale?: unknown
    /** Unverified data from the page about its visitor; becomes the claim metadata of the session */
    metadata?: unknown
    /** Required if the call comes from a widget origin of the server */
    embed_ticket?: unknown
  }
  readonly 'visitor.userToken': {
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** Your id of the logged-in user; required */
    user_id?: unknown
    /** Alias of user_id */
    external_user_id?: unknown
    /** The name of the user; becomes a claim of the session */
    display_name?: unknown
    /** The email address of the user; becomes a claim of the session */
    email?: unknown
    /** Must be the client key's agent */
    agent_id?: unknown
    /** What you know about the user; becomes the claim traits of the session */
    traits?: unknown
  }
  readonly 'visitor.exchange': {
    /** The visitor token; required */
    token?: unknown
    /** Alias of token */
    user_token?: unknown
    /** Instead of a visitor token: a JWT of an issuer that the client key trusts; needs client_key */
    subject_token?: unknown
    /** The client key of the page; a token of another client key is refused as client_key_mismatch */
    client_key?: unknown
    /** A live guest session to promote; it keeps its visitor_id */
    session_token?: unknown
    /** From a widget origin of the server: proves the embedding page, whose origin becomes the origin of the session */
    embed_ticket?: unknown
  }
  readonly 'visitor.tokenExchange': {
    /** Always the grant type of RFC 8693 */
    grant_type?: unknown
    /** The client key, pk_live_… or pk_test_… */
    client_id?: unknown
    /** A JWT of an issuer that the client key trusts */
    subject_token?: unknown
    /** The type of subject_token; has no effect */
    subject_token_type?: unknown
    /** A live guest session to promote; it keeps its visitor_id */
    actor_token?: unknown
    /** Required with actor_token */
    actor_token_type?: unknown
    /** Accepted but ignored */
    requested_token_type?: unknown
    /** Required if the call comes from a widget origin of the server */
    embed_ticket?: unknown
  }
  readonly 'visitor.refresh': {
    /** The newest refresh token of the session */
    refresh_token?: unknown
  }
  readonly 'visitor.logout': {
    /** The newest refresh token of the session */
    refresh_token?: unknown
  }
  readonly 'visitor.config': {
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
  }
  readonly 'visitor.embedTicket': {
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
  }
  readonly 'card.widgetToken': {
    /** The unique identifier of a card */
    card_id?: unknown
    /** The widget that the token opens */
    widget_type?: unknown
  }
  readonly 'tokens.redeem': {
    /** The token that the card widget was opened with */
    widget_token?: unknown
    /** The widget type that the token must be for */
    widget_type?: unknown
  }
  readonly 'kinds.mint': {
    /** The name of the kind */
    kind?: unknown
    /** Whom the token is for, by your own id */
    subject?: unknown
    /** What the token is for, if the kind has resources */
    resource?: unknown
    /** What the token permits; by default, every action of the kind */
    actions?: unknown
    /** Claims that match the schema of the kind, at most 4 KiB of JSON */
    claims?: unknown
    /** The lifetime, up to the longest one of the kind; by default, its default one */
    ttl_seconds?: unknown
  }
  readonly 'kinds.pageToken': {
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** The name of the kind */
    kind?: unknown
    /** What the token permits; by default, every action of the kind */
    actions?: unknown
    /** A live session of the client key, whose visitor is the subject; without it, the subject is a new guest */
    session_token?: unknown
    /** Required without a session if the call comes from a widget origin of the server */
    embed_ticket?: unknown
  }
  readonly 'kinds.redeem': {
    /** The token */
    token?: unknown
    /** The name of the kind */
    kind?: unknown
    /** What it must permit */
    action?: unknown
    /** What it must be for */
    resource?: unknown
  }
  readonly 'tokens.introspect': {
    /** A token of any kind */
    token?: unknown
    /** Accepted but ignored */
    token_type_hint?: unknown
  }
  readonly 'tokens.revoke': {
    /** A token of any kind */
    token?: unknown
    /** Accepted but ignored */
    token_type_hint?: unknown
  }
  readonly 'tokens.identify': {
    /** An id, the public name of a client key, the name of a declared kind, or a secret key */
    id_or_secret?: unknown
  }
  readonly 'admin.caller.get': unknown
  readonly 'admin.accounts.create': {
    /** For people; has no effect */
    name?: unknown
    /** The tenant label, such as 2_3 */
    tenant?: unknown
  }
  readonly 'admin.accounts.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.accounts.update': {
    /** The acting account, or a child of it */
    account_id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** For a child account. Enabling it does not bring its tokens back */
    disabled?: unknown
    /** For a child account */
    rate_limit?: unknown
    /** Accepted if unchanged, so you can send a record back */
    id?: unknown
    /** Accepted if unchanged, so you can send a record back */
    tenant?: unknown
    /** Accepted if unchanged, so you can send a record back */
    environment?: unknown
    /** Accepted if unchanged, so you can send a record back */
    parent_id?: unknown
  }
  readonly 'admin.apiKeys.create': {
    /** For people; has no effect */
    name?: unknown
    /** The calling key must have every one of them */
    scopes?: unknown
    /** Seconds until it expires; without it, the key never expires */
    expires_in?: unknown
  }
  readonly 'admin.apiKeys.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.apiKeys.rotate': {
    /** The id of the secret key, not the secret */
    api_key_id?: unknown
    /** How long the old key keeps working */
    overlap_seconds?: unknown
  }
  readonly 'admin.apiKeys.disable': {
    /** The id of the secret key, not the secret */
    api_key_id?: unknown
    /** Whether to also disable every key that replaced it, even if it is in use */
    include_successors?: unknown
    /** Whether to also end every token and session that the disabled keys minted */
    revoke_minted?: unknown
    /** Whether to disable it even if no other key can administer the account */
    force?: unknown
  }
  readonly 'admin.clientKeys.create': {
    /** For people; has no effect */
    name?: unknown
    /** The origins on which the key works; none if empty */
    origin_allowlist?: unknown
    /** Who can have a session */
    auth_mode?: unknown
    /** Whether sessions can begin; the config is readable either way */
    widget_enabled?: unknown
    /** Whether new sessions are bound to a key of the browser (RFC 9449); off by default */
    bind?: unknown
    /** How session tokens are made out for gateways; by default, aud is widget-session */
    session_token?: unknown
    /** The identity providers whose tokens begin sessions of users */
    trusted_issuers?: unknown
    /** Who speaks to the visitor */
    agent?: unknown
    /** The colors of the widget and where it opens */
    branding?: unknown
    /** Texts of the widget, and any texts of your own */
    copy?: unknown
    /** The language of the texts, such as en or pt-BR */
    locale?: unknown
    /** By default, locale only */
    supported_locales?: unknown
    /** Limits of the key; by default, those of the server */
    rate_limit?: unknown
    /** Until then, origins that are not allowed can have sessions, marked `origin_unlisted`. At most 7 days ahead, 3 in production. null ends it and those sessions */
    observe_until?: unknown
  }
  readonly 'admin.clientKeys.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.clientKeys.update': {
    /** For people; has no effect */
    name?: unknown
    /** The origins on which the key works; none if empty */
    origin_allowlist?: unknown
    /** Who can have a session */
    auth_mode?: unknown
    /** Whether sessions can begin; the config is readable either way */
    widget_enabled?: unknown
    /** Whether new sessions are bound to a key of the browser (RFC 9449); off by default */
    bind?: unknown
    /** How session tokens are made out for gateways; by default, aud is widget-session */
    session_token?: unknown
    /** The identity providers whose tokens begin sessions of users */
    trusted_issuers?: unknown
    /** Who speaks to the visitor */
    agent?: unknown
    /** Colors and positions to change; the others stay */
    branding?: unknown
    /** Texts of the widget, and any texts of your own */
    copy?: unknown
    /** The language of the texts, such as en or pt-BR */
    locale?: unknown
    /** By default, locale only */
    supported_locales?: unknown
    /** Limits of the key; those you leave out stay */
    rate_limit?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** Until then, origins that are not allowed can have sessions, marked `origin_unlisted`. At most 7 days ahead, 3 in production. null ends it and those sessions */
    observe_until?: unknown
    /** The id from admin.clientKeys.list, not the public name */
    client_key_id?: unknown
    /** Accepted if unchanged, so you can send a record back */
    id?: unknown
    /** Accepted if unchanged, so you can send a record back */
    client_key?: unknown
  }
  readonly 'admin.clientKeys.allowOrigin': {
    /** The id from admin.clientKeys.list, not the public name */
    client_key_id?: unknown
    /** The origin to allow */
    origin?: unknown
  }
  readonly 'admin.clientKeys.embedPolicy': {
    /** The id from admin.clientKeys.list, not the public name */
    client_key_id?: unknown
    /** The origin to check, such as https://shop.example */
    origin?: unknown
  }
  readonly 'admin.clientKeys.try': {
    /** The id from admin.clientKeys.list, not the public name */
    client_key_id?: unknown
    /** The origins on which the key works; none if empty */
    origin_allowlist?: unknown
  }
  readonly 'admin.customers.upsert': {
    /** The id of the customer, which you choose */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** Decides whether Bridge tokens are issued for the customer */
    status?: unknown
  }
  readonly 'admin.customers.get': {
    /** The id of the customer */
    customer_id?: unknown
  }
  readonly 'admin.customers.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.cards.upsert': {
    /** The id of the card, which you choose */
    id?: unknown
    /** The holder */
    customer_id?: unknown
    /** Decides which widgets can open */
    status?: unknown
    /** The last four digits of the card number */
    last_four?: unknown
  }
  readonly 'admin.cards.get': {
    /** The id of the card */
    card_id?: unknown
  }
  readonly 'admin.cards.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.kinds.put': {
    /** The name, unique in the account. Never changes */
    name?: unknown
    /** For people; has no effect */
    title?: unknown
    /** jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes */
    form?: unknown
    /** How long a token lives: from 10 seconds to 24 hours */
    ttl_seconds?: unknown
    /** How often a token can be redeemed; null is any number of times until it expires */
    uses?: unknown
    /** How soon after the mint the first redeem must come; null is no such limit */
    start_within_seconds?: unknown
    /** What a token can permit. A mint names some of them; by default, all */
    actions?: unknown
    /** Whether a token names what it is for */
    resource?: unknown
    /** A JSON Schema (2020-12, some keywords) of the claims that a mint can add; null permits none */
    claims?: unknown
    /** The claim aud; by default, the name. No other kind or account of the server can use it. Never changes */
    audience?: unknown
    /** The header typ: the name followed by +jwt by default, or JWT or at+jwt, which need an audience. Never changes */
    typ?: unknown
    /** Who can mint: a backend with a secret key, a page with a client key, or both */
    minted_by?: unknown
    /** Change it only if this is its current revision */
    revision?: unknown
    /** Accepted, so you can send a record back */
    disabled?: unknown
  }
  readonly 'admin.kinds.get': {
    /** The name of the kind */
    name?: unknown
  }
  readonly 'admin.kinds.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.kinds.disable': {
    /** The name of the kind */
    name?: unknown
  }
  readonly 'admin.sessions.revoke': {
    /** The session to end */
    session_id?: unknown
    /** The visitor whose sessions to end */
    visitor_id?: unknown
    /** Your id of the user; case-sensitive */
    user_id?: unknown
    /** The id from `admin.clientKeys.list`, not the public name */
    client_key_id?: unknown
    /** The customer's bridge tokens, and the card tokens of their cards */
    customer_id?: unknown
    /** The card's tokens */
    card_id?: unknown
    /** Everything that this secret key minted; the key itself keeps working */
    api_key_id?: unknown
    /** The tokens of this declared kind */
    kind?: unknown
    /** The tokens of declared kinds with this subject */
    subject?: unknown
    /** The tokens of declared kinds for this resource */
    resource?: unknown
    /** Everything of the acting account */
    account?: unknown
    /** With account: also everything of its child accounts */
    children?: unknown
  }
  readonly 'admin.signingKeys.list': unknown
  readonly 'admin.signingKeys.rotate': unknown
  readonly 'admin.signingKeys.revoke': {
    /** The id of the signing key, from admin.signingKeys.list */
    kid?: unknown
  }
  readonly 'admin.webhooks.create': {
    /** Where to send events; https, and not in a private network */
    url?: unknown
    /** The events to send; * is every one */
    event_types?: unknown
    /** For people; has no effect */
    description?: unknown
  }
  readonly 'admin.webhooks.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.webhooks.get': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
  }
  readonly 'admin.webhooks.update': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
    /** Where to send events; https, and not in a private network */
    url?: unknown
    /** The events to send; * is every one */
    event_types?: unknown
    /** For people; has no effect */
    description?: unknown
    /** Whether to stop sending events */
    disabled?: unknown
  }
  readonly 'admin.webhooks.rotateSecret': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
    /** How long the old secret keeps signing too */
    overlap_seconds?: unknown
  }
  readonly 'admin.webhooks.delete': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
  }
  readonly 'admin.webhooks.test': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
  }
  readonly 'admin.webhooks.deliveries': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
    /** Only deliveries in this state */
    state?: unknown
  }
  readonly 'admin.webhooks.replay': {
    /** The id of the webhook endpoint */
    webhook_id?: unknown
    /** One event; without it, the dead ones are sent again */
    event_id?: unknown
    /** Send delivered and dead ones again that happened since then (RFC 3339, UTC) */
    since?: unknown
    /** With since: the next_cursor of the previous call */
    cursor?: unknown
  }
  readonly 'admin.refusals.get': {
    /** The Request-Id header of the response */
    request_id?: unknown
  }
  readonly 'admin.refusals.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.audit.list': {
    /** The next_cursor of the previous page */
    cursor?: unknown
    /** The page size, 1 to 100 */
    limit?: unknown
  }
  readonly 'admin.activity.list': {
    /** How many hours to look back, 1 to 6 */
    hours?: unknown
  }
}
