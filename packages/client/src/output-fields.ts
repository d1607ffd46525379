// Made by `npm run generate`. Change the contracts, not this file.

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
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
  }
  readonly 'visitor.userToken': {
    /** Visitor JWT; can be exchanged once */
    token?: unknown
    /** The same value as token */
    user_token?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
  }
  readonly 'visitor.exchange': {
    /** Session JWT */
    token?: unknown
    /** DPoP if the session is bound to a key (RFC 9449) */
    token_type?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
  }
  readonly 'visitor.refresh': {
    /** Session JWT */
    token?: unknown
    /** DPoP if the session is bound to a key (RFC 9449) */
    token_type?: unknown
    /** RFC 3339, UTC */
    expires_at?: unknown
    /** Opaque; replaced at every use */
    refresh_token?: unknown
  }
  readonly 'visitor.logout': unknown
  readonly 'visitor.config': unknown
  readonly 'visitor.embedTicket': unknown
  readonly 'card.widgetToken': {
    /** The id of the tenant containing the resource. */
    tenant?: unknown
    /** A short-lived, one-time token for use with card widgets */
    widget_token?: unknown
  }
  readonly 'tokens.redeem': {
    /** RFC 3339, UTC */
    redeemed_at?: unknown
  }
  readonly 'tokens.introspect': unknown
  readonly 'tokens.revoke': {
    /** Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended. */
    feed_cutoff?: unknown
  }
  readonly 'tokens.identify': unknown
  readonly 'admin.caller.get': unknown
  readonly 'admin.accounts.create': unknown
  readonly 'admin.accounts.list': unknown
  readonly 'admin.apiKeys.create': {
    /** RFC 3339, UTC */
    created_at?: unknown
    /** The day it was last used, UTC */
    last_used_on?: unknown
    /** The key that replaced it in a rotation */
    successor_id?: unknown
    /** Prefix and last characters of the secret; null for short keys and keys created before hints existed */
    hint?: unknown
    /** Shown once and never stored */
    secret?: unknown
  }
  readonly 'admin.apiKeys.list': unknown
  readonly 'admin.apiKeys.rotate': {
    /** RFC 3339, UTC */
    created_at?: unknown
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
    /** RFC 3339, UTC */
    created_at?: unknown
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
    /** Whether new sessions are bound to a key of the browser (RFC 9449); off by default */
    bind?: unknown
    /** How session tokens are made out for gateways; by default, aud is widget-session */
    session_token?: unknown
  }
  readonly 'admin.clientKeys.list': unknown
  readonly 'admin.clientKeys.update': {
    /** Whether new sessions are bound to a key of the browser (RFC 9449); off by default */
    bind?: unknown
    /** How session tokens are made out for gateways; by default, aud is widget-session */
    session_token?: unknown
  }
  readonly 'admin.clientKeys.embedPolicy': {
    /** For the widget's own page: the directive that lists the pages that can frame it */
    frame_ancestors?: unknown
    /** Entries for which the directive allows more or less than the allowlist. Tokens always follow the allowlist */
    frame_ancestors_differs?: unknown
    /** For the host page: directives to add to its Content-Security-Policy, if it has one */
    host_csp?: unknown
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
    /** Calls that were allowed, and would have been refused */
    would_refuse?: unknown
    /** Calls that were refused, and would have been allowed */
    would_allow?: unknown
  }
  readonly 'admin.customers.upsert': unknown
  readonly 'admin.customers.get': unknown
  readonly 'admin.customers.list': unknown
  readonly 'admin.cards.upsert': unknown
  readonly 'admin.cards.get': unknown
  readonly 'admin.cards.list': unknown
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
  readonly 'admin.signingKeys.list': unknown
  readonly 'admin.signingKeys.rotate': {
    /** RFC 3339, UTC */
    created_at?: unknown
    /** RFC 3339, UTC */
    activates_at?: unknown
  }
  readonly 'admin.signingKeys.revoke': unknown
  readonly 'admin.refusals.get': unknown
  readonly 'admin.refusals.list': unknown
  readonly 'admin.audit.list': unknown
  readonly 'admin.activity.list': unknown
}
