// Made by `npm run generate`. Change the contracts, not this file.
// biome-ignore-all lint/style/noExcessiveLinesPerFile: one line for each field

/** What the fields of the results mean. */
export interface OutputFields {
  readonly 'bridge.initialize': {
    /** JWT to use in the bridge widget. */
    bridge_token?: unknown
  }
  readonly 'visitor.guest': {
    /** Session JWT */
    token?: unknown
    /** DPoP if the session is bound to a key (RFC 9449) */
    token_type?: unknown
    /** Lifetime in seconds */
    expires_in?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
    /** Lifetime of the refresh token in seconds */
    refresh_expires_in?: unknown
    /** Stays the same when the session is refreshed */
    session_id?: unknown
    /** Stays the same when a guest becomes a user */
    visitor_id?: unknown
    /** Whether the visitor is a guest or a user */
    auth_mode?: unknown
    /** The agent of the client key */
    agent_id?: unknown
    /** The user as your backend named them; absent for a guest */
    user?: unknown
  }
  readonly 'visitor.userToken': {
    /** Visitor JWT; can be exchanged once */
    token?: unknown
    /** The same value as token */
    user_token?: unknown
    /** The page sends it in the body of the exchange */
    token_type?: unknown
    /** Lifetime in seconds */
    expires_in?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
  }
  readonly 'visitor.exchange': {
    /** Session JWT */
    token?: unknown
    /** DPoP if the session is bound to a key (RFC 9449) */
    token_type?: unknown
    /** Lifetime in seconds */
    expires_in?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
    /** Lifetime of the refresh token in seconds */
    refresh_expires_in?: unknown
    /** Stays the same when the session is refreshed */
    session_id?: unknown
    /** Stays the same when a guest becomes a user */
    visitor_id?: unknown
    /** Whether the visitor is a guest or a user */
    auth_mode?: unknown
    /** The agent of the client key */
    agent_id?: unknown
    /** The user as your backend named them; absent for a guest */
    user?: unknown
  }
  readonly 'visitor.tokenExchange': {
    /** DPoP if the session is bound to a key (RFC 9449) */
    token_type?: unknown
    /** Lifetime in seconds */
    expires_in?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
    /** Lifetime of the refresh token in seconds */
    refresh_expires_in?: unknown
    /** Stays the same when the session is refreshed */
    session_id?: unknown
    /** Stays the same when a guest becomes a user */
    visitor_id?: unknown
    /** Whether the visitor is a guest or a user */
    auth_mode?: unknown
    /** The agent of the client key */
    agent_id?: unknown
    /** The user as your backend named them; absent for a guest */
    user?: unknown
    /** Session JWT */
    access_token?: unknown
    /** The type of access_token */
    issued_token_type?: unknown
  }
  readonly 'visitor.refresh': {
    /** Session JWT */
    token?: unknown
    /** DPoP if the session is bound to a key (RFC 9449) */
    token_type?: unknown
    /** Lifetime in seconds */
    expires_in?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
    /** Lifetime of the refresh token in seconds */
    refresh_expires_in?: unknown
    /** Stays the same when the session is refreshed */
    session_id?: unknown
    /** Stays the same when a guest becomes a user */
    visitor_id?: unknown
    /** Whether the visitor is a guest or a user */
    auth_mode?: unknown
    /** The agent of the client key */
    agent_id?: unknown
    /** The user as your backend named them; absent for a guest */
    user?: unknown
  }
  readonly 'visitor.logout': {
    /** The session that has ended */
    session_id?: unknown
  }
  readonly 'visitor.config': {
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** Whether sessions can begin */
    widget_enabled?: unknown
    /** Who can have a session */
    auth_mode?: unknown
    /** Who speaks to the visitor */
    agent?: unknown
    /** The colors of the widget and where it opens */
    branding?: unknown
    /** Texts of the widget */
    copy?: unknown
    /** The language of the texts, such as en or pt-BR */
    locale?: unknown
    /** The languages that the widget can use */
    supported_locales?: unknown
  }
  readonly 'visitor.embedTicket': {
    /** Embed ticket JWT; can be used once */
    ticket?: unknown
    /** Lifetime in seconds */
    expires_in?: unknown
  }
  readonly 'card.widgetToken': {
    /** The id of the tenant containing the resource. */
    tenant?: unknown
    /** A short-lived, one-time token for use with card widgets */
    widget_token?: unknown
  }
  readonly 'tokens.redeem': {
    /** The tenant label of the account that the card belongs to */
    tenant?: unknown
    /** The card that the token was issued for */
    card_id?: unknown
    /** The widget that the token opens */
    widget_type?: unknown
    /** RFC 3339, UTC */
    redeemed_at?: unknown
  }
  readonly 'kinds.mint': {
    /** The token */
    token?: unknown
    /** The id of the token, the jti of a JWT. It is not secret */
    token_id?: unknown
    /** The name of the kind */
    kind?: unknown
    /** The lifetime in seconds */
    expires_in?: unknown
    /** When it expires; RFC 3339, UTC */
    expires_at?: unknown
    /** How often it can be redeemed; null is any number of times */
    uses?: unknown
  }
  readonly 'kinds.pageToken': {
    /** The token */
    token?: unknown
    /** The id of the token, the jti of a JWT. It is not secret */
    token_id?: unknown
    /** The name of the kind */
    kind?: unknown
    /** The lifetime in seconds */
    expires_in?: unknown
    /** When it expires; RFC 3339, UTC */
    expires_at?: unknown
    /** How often it can be redeemed; null is any number of times */
    uses?: unknown
    /** DPoP if the token is bound to a key (RFC 9449) */
    token_type?: unknown
    /** Whom the token is for: the visitor_id */
    subject?: unknown
  }
  readonly 'kinds.redeem': {
    /** The name of the kind */
    kind?: unknown
    /** Whom the token is for */
    subject?: unknown
    /** The client key with which a page minted it, so that the subject is a visitor; absent for a backend */
    client_key_id?: unknown
    /** What the token is for */
    resource?: unknown
    /** What the token permits */
    actions?: unknown
    /** The claims that the mint added */
    claims?: unknown
    /** How often it can still be redeemed; null is any number of times */
    uses_left?: unknown
    /** RFC 3339, UTC */
    redeemed_at?: unknown
  }
  readonly 'tokens.introspect': unknown
  readonly 'tokens.revoke': {
    /** Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended. */
    feed_cutoff?: unknown
  }
  readonly 'tokens.identify': {
    /** Everything that matches; empty if nothing does */
    data?: unknown
  }
  readonly 'admin.caller.get': {
    /** The secret key that makes this call */
    api_key?: unknown
    /** The acting account */
    account?: unknown
  }
  readonly 'admin.accounts.create': {
    /** The id of the account */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** The tenant label, such as 2_3, in responses of the Card API */
    tenant?: unknown
    /** Keys, tokens and faults differ; it never changes */
    environment?: unknown
    /** The account that created it and can act for it */
    parent_id?: unknown
    /** While true, its keys are refused and its tokens and sessions are not valid */
    disabled?: unknown
    /** How many calls its secret keys may make */
    rate_limit?: unknown
  }
  readonly 'admin.accounts.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.accounts.update': {
    /** The id of the account */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** The tenant label, such as 2_3, in responses of the Card API */
    tenant?: unknown
    /** Keys, tokens and faults differ; it never changes */
    environment?: unknown
    /** The account that created it and can act for it */
    parent_id?: unknown
    /** While true, its keys are refused and its tokens and sessions are not valid */
    disabled?: unknown
    /** How many calls its secret keys may make */
    rate_limit?: unknown
  }
  readonly 'admin.apiKeys.create': {
    /** The id of the secret key, not the secret */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** What the key can do; * is everything except host */
    scopes?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** RFC 3339, UTC; null if it never expires */
    expires_at?: unknown
    /** The day it was last used, UTC */
    last_used_on?: unknown
    /** The key that replaced it in a rotation */
    successor_id?: unknown
    /** Prefix and last characters of the secret; null for short keys and keys created before hints existed */
    hint?: unknown
    /** Shown once and never stored */
    secret?: unknown
  }
  readonly 'admin.apiKeys.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.apiKeys.rotate': {
    /** The id of the secret key, not the secret */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** What the key can do; * is everything except host */
    scopes?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** RFC 3339, UTC; null if it never expires */
    expires_at?: unknown
    /** The day it was last used, UTC */
    last_used_on?: unknown
    /** The key that replaced it in a rotation */
    successor_id?: unknown
    /** Prefix and last characters of the secret; null for short keys and keys created before hints existed */
    hint?: unknown
    /** Shown once and never stored */
    secret?: unknown
  }
  readonly 'admin.apiKeys.disable': {
    /** The id of the secret key, not the secret */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** What the key can do; * is everything except host */
    scopes?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** RFC 3339, UTC; null if it never expires */
    expires_at?: unknown
    /** The day it was last used, UTC */
    last_used_on?: unknown
    /** The key that replaced it in a rotation */
    successor_id?: unknown
    /** Prefix and last characters of the secret; null for short keys and keys created before hints existed */
    hint?: unknown
    /** Keys that replaced it and were disabled with it */
    disabled_successor_ids?: unknown
    /** The key that replaced it and still works */
    active_successor_id?: unknown
    /** With revoke_minted: everything the keys minted up to this time has ended */
    not_before?: unknown
    /** Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended. */
    feed_cutoff?: unknown
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
    /** The languages of the widget */
    supported_locales?: unknown
    /** Limits of the key; by default, those of the server */
    rate_limit?: unknown
    /** The id of the client key */
    id?: unknown
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** When observe mode ends; absent if it is off */
    observe_until?: unknown
  }
  readonly 'admin.clientKeys.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
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
    /** The colors of the widget and where it opens */
    branding?: unknown
    /** Texts of the widget, and any texts of your own */
    copy?: unknown
    /** The language of the texts, such as en or pt-BR */
    locale?: unknown
    /** The languages of the widget */
    supported_locales?: unknown
    /** Limits of the key; by default, those of the server */
    rate_limit?: unknown
    /** The id of the client key */
    id?: unknown
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** When observe mode ends; absent if it is off */
    observe_until?: unknown
  }
  readonly 'admin.clientKeys.allowOrigin': {
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
    /** The languages of the widget */
    supported_locales?: unknown
    /** Limits of the key; by default, those of the server */
    rate_limit?: unknown
    /** The id of the client key */
    id?: unknown
    /** The public identifier, pk_live_… or pk_test_… */
    client_key?: unknown
    /** A disabled key gets the responses of an unknown one */
    disabled?: unknown
    /** When observe mode ends; absent if it is off */
    observe_until?: unknown
  }
  readonly 'admin.clientKeys.embedPolicy': {
    /** For the widget's own page: the directive that lists the pages that can frame it */
    frame_ancestors?: unknown
    /** Entries for which the directive allows more or less than the allowlist. Tokens always follow the allowlist */
    frame_ancestors_differs?: unknown
    /** For the host page: directives to add to its Content-Security-Policy, if it has one */
    host_csp?: unknown
    /** The attributes of the iframe */
    iframe?: unknown
    /** CORS headers that a page of this origin receives */
    cors?: unknown
    /** Whether the given origin is allowed */
    origin?: unknown
  }
  readonly 'admin.clientKeys.try': {
    /** The origins of the last 24 hours, most calls first */
    origins?: unknown
    /** Calls of origins beyond the 50 that are counted separately in an hour, and of invalid ones */
    other_calls?: unknown
    /** In observe mode: the origins that got sessions without being allowed, at most 50 */
    unlisted_origins?: unknown
    /** Calls that were allowed, and would have been refused */
    would_refuse?: unknown
    /** Calls that were refused, and would have been allowed */
    would_allow?: unknown
    /** The result in one sentence */
    summary?: unknown
  }
  readonly 'admin.customers.upsert': {
    /** The id of the customer */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** Decides whether Bridge tokens are issued for the customer */
    status?: unknown
  }
  readonly 'admin.customers.get': {
    /** The id of the customer */
    id?: unknown
    /** For people; has no effect */
    name?: unknown
    /** Decides whether Bridge tokens are issued for the customer */
    status?: unknown
  }
  readonly 'admin.customers.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.cards.upsert': {
    /** The id of the card */
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
    id?: unknown
    /** The holder */
    customer_id?: unknown
    /** Decides which widgets can open */
    status?: unknown
    /** The last four digits of the card number */
    last_four?: unknown
  }
  readonly 'admin.cards.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.kinds.put': {
    /** The name, unique in the account */
    name?: unknown
    /** For people; has no effect */
    title?: unknown
    /** jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes */
    form?: unknown
    /** How long a token lives */
    ttl_seconds?: unknown
    /** How often a token can be redeemed; null is any number of times */
    uses?: unknown
    /** How soon after the mint the first redeem must come */
    start_within_seconds?: unknown
    /** What a token can permit */
    actions?: unknown
    /** Whether a token names what it is for */
    resource?: unknown
    /** The JSON Schema of the claims that a mint can add */
    claims?: unknown
    /** The claim aud */
    audience?: unknown
    /** The header typ; absent for the form opaque */
    typ?: unknown
    /** Who can mint: a backend with a secret key, a page with a client key, or both */
    minted_by?: unknown
    /** Counts the changes of the declaration. Tokens name it */
    revision?: unknown
    /** A disabled kind mints nothing, and its tokens have ended */
    disabled?: unknown
  }
  readonly 'admin.kinds.get': {
    /** The name, unique in the account */
    name?: unknown
    /** For people; has no effect */
    title?: unknown
    /** jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes */
    form?: unknown
    /** How long a token lives */
    ttl_seconds?: unknown
    /** How often a token can be redeemed; null is any number of times */
    uses?: unknown
    /** How soon after the mint the first redeem must come */
    start_within_seconds?: unknown
    /** What a token can permit */
    actions?: unknown
    /** Whether a token names what it is for */
    resource?: unknown
    /** The JSON Schema of the claims that a mint can add */
    claims?: unknown
    /** The claim aud */
    audience?: unknown
    /** The header typ; absent for the form opaque */
    typ?: unknown
    /** Who can mint: a backend with a secret key, a page with a client key, or both */
    minted_by?: unknown
    /** Counts the changes of the declaration. Tokens name it */
    revision?: unknown
    /** A disabled kind mints nothing, and its tokens have ended */
    disabled?: unknown
  }
  readonly 'admin.kinds.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.kinds.disable': {
    /** The name, unique in the account */
    name?: unknown
    /** For people; has no effect */
    title?: unknown
    /** jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes */
    form?: unknown
    /** How long a token lives */
    ttl_seconds?: unknown
    /** How often a token can be redeemed; null is any number of times */
    uses?: unknown
    /** How soon after the mint the first redeem must come */
    start_within_seconds?: unknown
    /** What a token can permit */
    actions?: unknown
    /** Whether a token names what it is for */
    resource?: unknown
    /** The JSON Schema of the claims that a mint can add */
    claims?: unknown
    /** The claim aud */
    audience?: unknown
    /** The header typ; absent for the form opaque */
    typ?: unknown
    /** Who can mint: a backend with a secret key, a page with a client key, or both */
    minted_by?: unknown
    /** Counts the changes of the declaration. Tokens name it */
    revision?: unknown
    /** A disabled kind mints nothing, and its tokens have ended */
    disabled?: unknown
  }
  readonly 'admin.sessions.revoke': {
    /** RFC 3339, UTC */
    revoked_at?: unknown
    /** What was ended */
    scope?: unknown
    /** The id of what was ended, in its canonical form */
    subject?: unknown
    /** Everything of the subject that started up to this time has ended */
    not_before?: unknown
    /** For a session: true if it was already over */
    already_ended?: unknown
    /** With children: the number of accounts, including the acting account */
    accounts_ended?: unknown
    /** For a secret key: true if it still works; disable it next */
    key_active?: unknown
    /** Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended. */
    feed_cutoff?: unknown
  }
  readonly 'admin.signingKeys.list': {
    /** The entries */
    data?: unknown
  }
  readonly 'admin.signingKeys.rotate': {
    /** The thumbprint of the public key (RFC 7638), in the header of each token */
    kid?: unknown
    /** The algorithm of its signatures */
    alg?: unknown
    /** Published only, signing, or published until the last token it signed has expired */
    state?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** When it begins to sign (RFC 3339, UTC) */
    activates_at?: unknown
  }
  readonly 'admin.signingKeys.revoke': {
    /** The entries */
    data?: unknown
  }
  readonly 'admin.webhooks.create': {
    /** The id of the webhook endpoint */
    id?: unknown
    /** Where events are sent */
    url?: unknown
    /** The events that are sent; * is every one */
    event_types?: unknown
    /** For people; has no effect */
    description?: unknown
    /** A disabled endpoint gets no new events */
    disabled?: unknown
    /** requested by an administrator, or gone because the endpoint answered 410; null if it is enabled */
    disabled_reason?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** Until when the previous secret signs too (RFC 3339, UTC); null after that */
    previous_secret_until?: unknown
    /** whsec_…, shown once */
    secret?: unknown
  }
  readonly 'admin.webhooks.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.webhooks.get': {
    /** The id of the webhook endpoint */
    id?: unknown
    /** Where events are sent */
    url?: unknown
    /** The events that are sent; * is every one */
    event_types?: unknown
    /** For people; has no effect */
    description?: unknown
    /** A disabled endpoint gets no new events */
    disabled?: unknown
    /** requested by an administrator, or gone because the endpoint answered 410; null if it is enabled */
    disabled_reason?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** Until when the previous secret signs too (RFC 3339, UTC); null after that */
    previous_secret_until?: unknown
  }
  readonly 'admin.webhooks.update': {
    /** The id of the webhook endpoint */
    id?: unknown
    /** Where events are sent */
    url?: unknown
    /** The events that are sent; * is every one */
    event_types?: unknown
    /** For people; has no effect */
    description?: unknown
    /** A disabled endpoint gets no new events */
    disabled?: unknown
    /** requested by an administrator, or gone because the endpoint answered 410; null if it is enabled */
    disabled_reason?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** Until when the previous secret signs too (RFC 3339, UTC); null after that */
    previous_secret_until?: unknown
  }
  readonly 'admin.webhooks.rotateSecret': {
    /** The id of the webhook endpoint */
    id?: unknown
    /** Where events are sent */
    url?: unknown
    /** The events that are sent; * is every one */
    event_types?: unknown
    /** For people; has no effect */
    description?: unknown
    /** A disabled endpoint gets no new events */
    disabled?: unknown
    /** requested by an administrator, or gone because the endpoint answered 410; null if it is enabled */
    disabled_reason?: unknown
    /** RFC 3339, UTC */
    created_at?: unknown
    /** Until when the previous secret signs too (RFC 3339, UTC); null after that */
    previous_secret_until?: unknown
    /** whsec_…, shown once */
    secret?: unknown
  }
  readonly 'admin.webhooks.delete': {
    /** The id of the deleted endpoint */
    id?: unknown
  }
  readonly 'admin.webhooks.test': {
    /** The id of the event, to find its delivery */
    event_id?: unknown
  }
  readonly 'admin.webhooks.deliveries': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.webhooks.replay': {
    /** How many events will be sent again */
    replayed?: unknown
    /** With since: the cursor of the next ones; absent if these are all */
    next_cursor?: unknown
  }
  readonly 'admin.refusals.get': {
    /** The entries */
    data?: unknown
  }
  readonly 'admin.refusals.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.audit.list': {
    /** The entries */
    data?: unknown
    /** The cursor of the next page; absent on the last one */
    next_cursor?: unknown
  }
  readonly 'admin.activity.list': {
    /** The entries */
    data?: unknown
  }
}
