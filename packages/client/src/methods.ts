// Made by `npm run generate`. Change the contracts, not this file.
import type { Method } from './method.js'

/** A method for every operation, in groups, such as `client.bridge.initialize(…)`. Each throws {@link HallpassClientError}. */
export interface HallpassClient {
  readonly bridge: {
    /**
     * Create a Widget session token.
     *
     * Use this endpoint to generate a session token for use in the Bridge widget.
     *
     * `POST /v1/bridge/initialize`, with the scope `bridge:write`.
     * @param input
     * - `customer_id`: The unique identifier of the customer to create a bridge token for.
     * - `config` (optional): How the paykey is processed. sandbox_outcome (standard by default) is rejected in production.
     * - `external_id` (optional): Unique identifier for the paykey in your database, used for cross-referencing.
     * @returns
     * - `bridge_token`: JWT to use in the bridge widget.
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, state_conflict, idempotency_conflict, idempotency_in_progress.
     */
    readonly initialize: Method<'bridge.initialize'>
  }
  readonly visitor: {
    /**
     * Mint a guest visitor JWT for the embeddable widget.
     *
     * Cross-origin endpoint called from the widget bootstrap. The caller supplies the client key in the body; the
     * server validates the request Origin against the per-key allowlist before minting. No Authorization header
     * required.
     *
     * `POST /api/v1/widget/auth/guest`.
     * @param input
     * - `client_key`: The public identifier, pk_live_… or pk_test_…
     * - `agent_id` (optional): Must be the client key's agent
     * - `locale` (optional): A language tag, or a locale as a system writes it (pt_BR.UTF-8); ignored if it names no language
     * - `metadata` (optional): Unverified data from the page about its visitor; becomes the claim metadata of the session
     * - `embed_ticket` (optional): Required if the call comes from a widget origin of the server
     * @returns
     * - `token`: Session JWT
     * - `token_type`: DPoP if the session is bound to a key (RFC 9449)
     * - `expires_in`: Lifetime in seconds
     * - `expires_at`: RFC 3339, UTC
     * - `refresh_token`: Opaque; replaced at every use
     * - `refresh_expires_in`: Lifetime of the refresh token in seconds
     * - `session_id`: Stays the same when the session is refreshed
     * - `visitor_id`: Stays the same when a guest becomes a user
     * - `auth_mode`: Whether the visitor is a guest or a user
     * - `agent_id`: The agent of the client key
     * - `user`: The user as your backend named them; absent for a guest
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, invalid_dpop_proof, auth_mode_not_allowed, widget_disabled.
     */
    readonly guest: Method<'visitor.guest'>
    /**
     * Mint a logged-in visitor JWT (server-to-server).
     *
     * Server-to-server endpoint: the customer's backend authenticates with a secret key and mints a short-lived
     * visitor JWT bound to one user_id. The widget then exchanges it, once, for a session.
     *
     * `POST /api/v1/widget/auth/user-token`, with the scope `visitor:write`.
     * @param input
     * - `client_key`: The public identifier, pk_live_… or pk_test_…
     * - `user_id` (optional): Your id of the logged-in user; required
     * - `external_user_id` (optional): Alias of user_id
     * - `display_name` (optional): The name of the user; becomes a claim of the session
     * - `email` (optional): The email address of the user; becomes a claim of the session
     * - `agent_id` (optional): Must be the client key's agent
     * - `traits` (optional): What you know about the user; becomes the claim traits of the session
     * @returns
     * - `token`: Visitor JWT; can be exchanged once
     * - `user_token`: The same value as token
     * - `token_type`: The page sends it in the body of the exchange
     * - `expires_in`: Lifetime in seconds
     * - `expires_at`: RFC 3339, UTC
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, missing_field, origin_not_allowed, client_key_not_available, auth_mode_not_allowed, widget_disabled.
     */
    readonly userToken: Method<'visitor.userToken'>
    /**
     * Exchange a server-minted visitor token for a widget session JWT.
     *
     * The widget bootstrap calls this with the visitor token returned by the customer's backend. This spends the
     * token. If a guest session is sent too, it is promoted and keeps its visitor_id. A token of another client
     * key is refused as client_key_mismatch and is not spent.
     *
     * `POST /api/v1/widget/auth/exchange`.
     * @param input
     * - `token` (optional): The visitor token; required
     * - `user_token` (optional): Alias of token
     * - `subject_token` (optional): Instead of a visitor token: a JWT of an issuer that the client key trusts; needs client_key
     * - `client_key` (optional): The client key of the page; a token of another client key is refused as client_key_mismatch
     * - `session_token` (optional): A live guest session to promote; it keeps its visitor_id
     * - `embed_ticket` (optional): From a widget origin of the server: proves the embedding page, whose origin becomes the origin of the session
     * @returns
     * - `token`: Session JWT
     * - `token_type`: DPoP if the session is bound to a key (RFC 9449)
     * - `expires_in`: Lifetime in seconds
     * - `expires_at`: RFC 3339, UTC
     * - `refresh_token`: Opaque; replaced at every use
     * - `refresh_expires_in`: Lifetime of the refresh token in seconds
     * - `session_id`: Stays the same when the session is refreshed
     * - `visitor_id`: Stays the same when a guest becomes a user
     * - `auth_mode`: Whether the visitor is a guest or a user
     * - `agent_id`: The agent of the client key
     * - `user`: The user as your backend named them; absent for a guest
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, invalid_token, client_key_mismatch, invalid_dpop_proof, auth_mode_not_allowed, widget_disabled.
     */
    readonly exchange: Method<'visitor.exchange'>
    /**
     * Exchange a token of the customer's identity provider for a session.
     *
     * Token exchange (RFC 8693) for a page: a JWT of an issuer in `trusted_issuers` of the client key becomes a
     * session of its user. Each JWT works once. If a guest session is sent as `actor_token`, it is promoted and
     * keeps its visitor_id.
     *
     * `POST /oauth2/token`.
     * @param input
     * - `grant_type`: Always the grant type of RFC 8693
     * - `client_id`: The client key, pk_live_… or pk_test_…
     * - `subject_token`: A JWT of an issuer that the client key trusts
     * - `subject_token_type`: The type of subject_token; has no effect
     * - `actor_token` (optional): A live guest session to promote; it keeps its visitor_id
     * - `actor_token_type` (optional): Required with actor_token
     * - `requested_token_type` (optional): Accepted but ignored
     * - `embed_ticket` (optional): Required if the call comes from a widget origin of the server
     * @returns
     * - `token_type`: DPoP if the session is bound to a key (RFC 9449)
     * - `expires_in`: Lifetime in seconds
     * - `expires_at`: RFC 3339, UTC
     * - `refresh_token`: Opaque; replaced at every use
     * - `refresh_expires_in`: Lifetime of the refresh token in seconds
     * - `session_id`: Stays the same when the session is refreshed
     * - `visitor_id`: Stays the same when a guest becomes a user
     * - `auth_mode`: Whether the visitor is a guest or a user
     * - `agent_id`: The agent of the client key
     * - `user`: The user as your backend named them; absent for a guest
     * - `access_token`: Session JWT
     * - `issued_token_type`: The type of access_token
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, invalid_token, client_key_mismatch, invalid_dpop_proof, auth_mode_not_allowed, widget_disabled.
     */
    readonly tokenExchange: Method<'visitor.tokenExchange'>
    /**
     * Refresh a widget session JWT.
     *
     * Called before the session JWT expires; returns a new one with the same identity claims and rotates the
     * refresh token. If the previous refresh token is sent again within 10 seconds, it gets the same successor;
     * any other reuse revokes the session.
     *
     * `POST /api/v1/widget/auth/refresh`.
     * @param input
     * - `refresh_token`: The newest refresh token of the session
     * @returns
     * - `token`: Session JWT
     * - `token_type`: DPoP if the session is bound to a key (RFC 9449)
     * - `expires_in`: Lifetime in seconds
     * - `expires_at`: RFC 3339, UTC
     * - `refresh_token`: Opaque; replaced at every use
     * - `refresh_expires_in`: Lifetime of the refresh token in seconds
     * - `session_id`: Stays the same when the session is refreshed
     * - `visitor_id`: Stays the same when a guest becomes a user
     * - `auth_mode`: Whether the visitor is a guest or a user
     * - `agent_id`: The agent of the client key
     * - `user`: The user as your backend named them; absent for a guest
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, invalid_token, invalid_dpop_proof, auth_mode_not_allowed, widget_disabled.
     */
    readonly refresh: Method<'visitor.refresh'>
    /**
     * End a widget session.
     *
     * Called by the page when its visitor logs out. Ends the session of the refresh token: all its tokens are
     * refused from then on. Also 200 if it had already ended.
     *
     * `POST /api/v1/widget/auth/logout`.
     * @param input
     * - `refresh_token`: The newest refresh token of the session
     * @returns
     * - `session_id`: The session that has ended
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, invalid_token.
     */
    readonly logout: Method<'visitor.logout'>
    /**
     * Get the widget bootstrap config for a client_key.
     *
     * Returns the public-side config the widget needs to render: branding colors, copy, the agent's display name.
     * Cross-origin; client_key is supplied as a query parameter.
     *
     * `GET /api/v1/widget/config`.
     * @param input
     * - `client_key`: The public identifier, pk_live_… or pk_test_…
     * @returns
     * - `client_key`: The public identifier, pk_live_… or pk_test_…
     * - `widget_enabled`: Whether sessions can begin
     * - `auth_mode`: Who can have a session
     * - `agent`: Who speaks to the visitor
     * - `branding`: The colors of the widget and where it opens
     * - `copy`: Texts of the widget
     * - `locale`: The language of the texts, such as en or pt-BR
     * - `supported_locales`: The languages that the widget can use
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed.
     */
    readonly config: Method<'visitor.config'>
    /**
     * Mint an embed ticket that proves the host page's origin to the widget's iframe.
     *
     * Called by the host page. The iframe sends the ticket when it starts a session from one of the server's own
     * widget origins. This spends the ticket.
     *
     * `POST /api/v1/widget/auth/embed-ticket`.
     * @param input
     * - `client_key`: The public identifier, pk_live_… or pk_test_…
     * @returns
     * - `ticket`: Embed ticket JWT; can be used once
     * - `expires_in`: Lifetime in seconds
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, widget_disabled.
     */
    readonly embedTicket: Method<'visitor.embedTicket'>
  }
  readonly card: {
    /**
     * Get a widget access token.
     *
     * Create an ephemeral (short-term, limited-scope) access token for interacting with one card via one widget.
     * It is valid for 5 minutes and can be used once.
     *
     * `GET /v1/cards/{card_id}/widget_token`, with the scope `cards:write`.
     * @param input
     * - `card_id`: The unique identifier of a card
     * - `widget_type`: The widget that the token opens
     * @returns
     * - `tenant`: The id of the tenant containing the resource.
     * - `widget_token`: A short-lived, one-time token for use with card widgets
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
     */
    readonly widgetToken: Method<'card.widgetToken'>
  }
  readonly tokens: {
    /**
     * Spend a card widget token.
     *
     * Spends a card widget token. Exactly one call succeeds for each token, and only while the card has a status
     * that the widget allows.
     *
     * `POST /v1/widget_tokens/redeem`, with the scope `tokens:redeem`.
     * @param input
     * - `widget_token`: The token that the card widget was opened with
     * - `widget_type`: The widget type that the token must be for
     * @returns
     * - `tenant`: The tenant label of the account that the card belongs to
     * - `card_id`: The card that the token was issued for
     * - `widget_type`: The widget that the token opens
     * - `redeemed_at`: RFC 3339, UTC
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, token_already_used, token_expired, token_revoked, token_wrong_widget_type, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
     */
    readonly redeem: Method<'tokens.redeem'>
    /**
     * Check whether a token is active.
     *
     * Token introspection (RFC 7662) for every kind of token that belongs to the account. An invalid, expired or
     * revoked token returns `{"active":false}`.
     *
     * `POST /oauth2/introspect`, with the scope `tokens:introspect`.
     * @param input
     * - `token`: A token of any kind
     * - `token_type_hint` (optional): Accepted but ignored
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found.
     */
    readonly introspect: Method<'tokens.introspect'>
    /**
     * Revoke a token.
     *
     * Token revocation (RFC 7009) for every kind of token that belongs to the account. Returns 200 even if the
     * token is invalid or already revoked. A session token or refresh token revokes its session.
     *
     * `POST /oauth2/revoke`, with the scope `tokens:revoke`.
     * @param input
     * - `token`: A token of any kind
     * - `token_type_hint` (optional): Accepted but ignored
     * @returns
     * - `feed_cutoff`: Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended.
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found.
     */
    readonly revoke: Method<'tokens.revoke'>
    /**
     * Find what an id or a key belongs to.
     *
     * Lists what has this id, public name or secret: client keys, secret keys, customers, cards and declared
     * kinds of the acting account, enabled or not, and the account itself or a child account. Nothing is changed.
     * The text can be a secret, so it is accepted only in the body and is neither logged nor stored. Sessions,
     * visitors and users are not stored. To identify a token, introspect it.
     *
     * `POST /v1/admin/identify`, with the scope `admin:read`.
     * @param input
     * - `id_or_secret`: An id, the public name of a client key, the name of a declared kind, or a secret key
     * @returns
     * - `data`: Everything that matches; empty if nothing does
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found.
     */
    readonly identify: Method<'tokens.identify'>
  }
  readonly kinds: {
    /**
     * Mint a token of a declared kind.
     *
     * Mints a token of a kind that the account declared with admin.kinds.put. A JWT without a number of uses is
     * only signed; nothing is stored.
     *
     * `POST /v1/tokens`, with the scope `kinds:mint` or `kind:<name>:mint`.
     * @param input
     * - `kind`: The name of the kind
     * - `subject`: Whom the token is for, by your own id
     * - `resource` (optional): What the token is for, if the kind has resources
     * - `actions` (optional): What the token permits; by default, every action of the kind
     * - `claims` (optional): Claims that match the schema of the kind, at most 4 KiB of JSON
     * - `ttl_seconds` (optional): The lifetime, up to the longest one of the kind; by default, its default one
     * @returns
     * - `token`: The token
     * - `token_id`: The id of the token, the jti of a JWT. It is not secret
     * - `kind`: The name of the kind
     * - `expires_in`: The lifetime in seconds
     * - `expires_at`: When it expires; RFC 3339, UTC
     * - `uses`: How often it can be redeemed; null is any number of times
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
     */
    readonly mint: Method<'kinds.mint'>
    /**
     * Mint a token of a declared kind in a page.
     *
     * For pages, if the kind has client_key in minted_by. The subject is the visitor: that of the session, or a
     * new guest. A page adds no claims and names no resource, and the token has the default lifetime.
     *
     * `POST /v1/tokens/page`.
     * @param input
     * - `client_key`: The public identifier, pk_live_… or pk_test_…
     * - `kind`: The name of the kind
     * - `actions` (optional): What the token permits; by default, every action of the kind
     * - `session_token` (optional): A live session of the client key, whose visitor is the subject; without it, the subject is a new guest
     * - `embed_ticket` (optional): Required without a session if the call comes from a widget origin of the server
     * @returns
     * - `token`: The token
     * - `token_id`: The id of the token, the jti of a JWT. It is not secret
     * - `kind`: The name of the kind
     * - `expires_in`: The lifetime in seconds
     * - `expires_at`: When it expires; RFC 3339, UTC
     * - `uses`: How often it can be redeemed; null is any number of times
     * - `token_type`: DPoP if the token is bound to a key (RFC 9449)
     * - `subject`: Whom the token is for: the visitor_id
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, missing_field, origin_not_allowed, invalid_token, invalid_dpop_proof, auth_mode_not_allowed, widget_disabled, not_found, state_conflict.
     */
    readonly pageToken: Method<'kinds.pageToken'>
    /**
     * Redeem a token of a declared kind.
     *
     * Checks a token and, if its kind counts uses, uses it once. Of calls at the same time exactly as many
     * succeed as the token has uses. A token for another resource, or without the action, is not spent.
     *
     * `POST /v1/tokens/redeem`, with the scope `tokens:redeem` or `kind:<name>:redeem`.
     * @param input
     * - `token`: The token
     * - `kind`: The name of the kind
     * - `action` (optional): What it must permit
     * - `resource` (optional): What it must be for
     * @returns
     * - `kind`: The name of the kind
     * - `subject`: Whom the token is for
     * - `client_key_id`: The client key with which a page minted it, so that the subject is a visitor; absent for a backend
     * - `resource`: What the token is for
     * - `actions`: What the token permits
     * - `claims`: The claims that the mint added
     * - `uses_left`: How often it can still be redeemed; null is any number of times
     * - `redeemed_at`: RFC 3339, UTC
     * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, token_already_used, token_expired, token_revoked, token_wrong_resource, token_action_not_allowed, idempotency_invalid_reuse, idempotency_concurrent_use.
     */
    readonly redeem: Method<'kinds.redeem'>
  }
  readonly admin: {
    readonly caller: {
      /**
       * Show the calling key and its account.
       *
       * Returns the secret key that makes this call, with its scopes, and the acting account. Every secret key
       * can call it.
       *
       * `GET /v1/admin/caller`.
       * @param input Nothing.
       * @returns
       * - `api_key`: The secret key that makes this call
       * - `account`: The acting account
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly get: Method<'admin.caller.get'>
    }
    readonly accounts: {
      /**
       * Create a child account.
       *
       * Creates an account under the acting account, in the same environment. Tenant labels are unique in a tree
       * of accounts: a label that any other account under the same root already has is refused as a conflict.
       *
       * `POST /v1/admin/accounts`, with the scope `admin`.
       * @param input
       * - `name` (optional): For people; has no effect
       * - `tenant`: The tenant label, such as 2_3
       * @returns
       * - `id`: The id of the account
       * - `name`: For people; has no effect
       * - `tenant`: The tenant label, such as 2_3, in responses of the Card API
       * - `environment`: Keys, tokens and faults differ; it never changes
       * - `parent_id`: The account that created it and can act for it
       * - `disabled`: While true, its keys are refused and its tokens and sessions are not valid
       * - `rate_limit`: How many calls its secret keys may make
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly create: Method<'admin.accounts.create'>
      /**
       * List the acting account and its children.
       *
       * Returns the acting account and its child accounts, ordered by id.
       *
       * `GET /v1/admin/accounts`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.accounts.list'>
      /**
       * Change, disable or enable an account.
       *
       * Fields you leave out keep their value. A key can change the name of its own account, and everything of a
       * child account. A disabled account mints nothing: its secret keys get `account_disabled`, its client keys
       * are refused, and all of its tokens and sessions have ended. Its parent can still administer it, and can
       * enable it 10 seconds later at the earliest; tokens from before stay invalid. Children of a disabled
       * account keep working. An account without a parent is disabled and enabled on the host of the server, with
       * `hallpass accounts update --database-url`.
       *
       * `POST /v1/admin/accounts/{account_id}`, with the scope `admin`.
       * @param input
       * - `account_id`: The acting account, or a child of it
       * - `name` (optional): For people; has no effect
       * - `disabled` (optional): For a child account. Enabling it does not bring its tokens back
       * - `rate_limit` (optional): For a child account
       * - `id` (optional): Accepted if unchanged, so you can send a record back
       * - `tenant` (optional): Accepted if unchanged, so you can send a record back
       * - `environment` (optional): Accepted if unchanged, so you can send a record back
       * - `parent_id` (optional): Accepted if unchanged, so you can send a record back
       * @returns
       * - `id`: The id of the account
       * - `name`: For people; has no effect
       * - `tenant`: The tenant label, such as 2_3, in responses of the Card API
       * - `environment`: Keys, tokens and faults differ; it never changes
       * - `parent_id`: The account that created it and can act for it
       * - `disabled`: While true, its keys are refused and its tokens and sessions are not valid
       * - `rate_limit`: How many calls its secret keys may make
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly update: Method<'admin.accounts.update'>
    }
    readonly apiKeys: {
      /**
       * Create a secret key.
       *
       * The secret is shown once. The new key can have only scopes that the calling key has.
       *
       * `POST /v1/admin/api_keys`, with the scope `admin`.
       * @param input
       * - `name` (optional): For people; has no effect
       * - `scopes`: The calling key must have every one of them
       * - `expires_in` (optional): Seconds until it expires; without it, the key never expires
       * @returns
       * - `id`: The id of the secret key, not the secret
       * - `name`: For people; has no effect
       * - `scopes`: What the key can do; * is everything except host
       * - `disabled`: A disabled key gets the responses of an unknown one
       * - `created_at`: RFC 3339, UTC
       * - `expires_at`: RFC 3339, UTC; null if it never expires
       * - `last_used_on`: The day it was last used, UTC
       * - `successor_id`: The key that replaced it in a rotation
       * - `hint`: Prefix and last characters of the secret; null for short keys and keys created before hints existed
       * - `secret`: Shown once and never stored
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly create: Method<'admin.apiKeys.create'>
      /**
       * List secret keys.
       *
       * Lists the secret keys of the acting account. Secrets are not stored; `hint` shows the first and last
       * characters.
       *
       * `GET /v1/admin/api_keys`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.apiKeys.list'>
      /**
       * Replace a secret key.
       *
       * Creates a key with the same name and scopes. The old key keeps working for the overlap. A key that was
       * already rotated is refused unless its successor was disabled.
       *
       * `POST /v1/admin/api_keys/{api_key_id}/rotate`, with the scope `admin`.
       * @param input
       * - `api_key_id`: The id of the secret key, not the secret
       * - `overlap_seconds` (optional): How long the old key keeps working
       * @returns
       * - `id`: The id of the secret key, not the secret
       * - `name`: For people; has no effect
       * - `scopes`: What the key can do; * is everything except host
       * - `disabled`: A disabled key gets the responses of an unknown one
       * - `created_at`: RFC 3339, UTC
       * - `expires_at`: RFC 3339, UTC; null if it never expires
       * - `last_used_on`: The day it was last used, UTC
       * - `successor_id`: The key that replaced it in a rotation
       * - `hint`: Prefix and last characters of the secret; null for short keys and keys created before hints existed
       * - `secret`: Shown once and never stored
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly rotate: Method<'admin.apiKeys.rotate'>
      /**
       * Disable a secret key.
       *
       * The key stops working at once. A key that replaced it and was never used is disabled too. A replacement
       * already in use keeps working and is named in the response; set `include_successors` to disable it as
       * well. Tokens and sessions it minted stay valid unless you set `revoke_minted`. The calling key must have
       * every scope of the key. To disable the last key that can administer the account, set `force`.
       *
       * `POST /v1/admin/api_keys/{api_key_id}/disable`, with the scope `admin`.
       * @param input
       * - `api_key_id`: The id of the secret key, not the secret
       * - `include_successors` (optional): Whether to also disable every key that replaced it, even if it is in use
       * - `revoke_minted` (optional): Whether to also end every token and session that the disabled keys minted
       * - `force` (optional): Whether to disable it even if no other key can administer the account
       * @returns
       * - `id`: The id of the secret key, not the secret
       * - `name`: For people; has no effect
       * - `scopes`: What the key can do; * is everything except host
       * - `disabled`: A disabled key gets the responses of an unknown one
       * - `created_at`: RFC 3339, UTC
       * - `expires_at`: RFC 3339, UTC; null if it never expires
       * - `last_used_on`: The day it was last used, UTC
       * - `successor_id`: The key that replaced it in a rotation
       * - `hint`: Prefix and last characters of the secret; null for short keys and keys created before hints existed
       * - `disabled_successor_ids`: Keys that replaced it and were disabled with it
       * - `active_successor_id`: The key that replaced it and still works
       * - `not_before`: With revoke_minted: everything the keys minted up to this time has ended
       * - `feed_cutoff`: Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended.
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly disable: Method<'admin.apiKeys.disable'>
    }
    readonly clientKeys: {
      /**
       * Create a client key.
       *
       * Allowlist entries are validated and normalized when they are saved.
       *
       * `POST /v1/admin/client_keys`, with the scope `admin`.
       * @param input
       * - `name` (optional): For people; has no effect
       * - `origin_allowlist` (optional): The origins on which the key works; none if empty
       * - `auth_mode` (optional): Who can have a session
       * - `widget_enabled` (optional): Whether sessions can begin; the config is readable either way
       * - `bind` (optional): Whether new sessions are bound to a key of the browser (RFC 9449); off by default
       * - `session_token` (optional): How session tokens are made out for gateways; by default, aud is widget-session
       * - `trusted_issuers` (optional): The identity providers whose tokens begin sessions of users
       * - `agent`: Who speaks to the visitor
       * - `branding` (optional): The colors of the widget and where it opens
       * - `copy` (optional): Texts of the widget, and any texts of your own
       * - `locale` (optional): The language of the texts, such as en or pt-BR
       * - `supported_locales` (optional): By default, locale only
       * - `rate_limit` (optional): Limits of the key; by default, those of the server
       * - `observe_until` (optional): Until then, origins that are not allowed can have sessions, marked `origin_unlisted`. At most 7 days ahead, 3 in production. null ends it and those sessions
       * @returns
       * - `name`: For people; has no effect
       * - `origin_allowlist`: The origins on which the key works; none if empty
       * - `auth_mode`: Who can have a session
       * - `widget_enabled`: Whether sessions can begin; the config is readable either way
       * - `bind`: Whether new sessions are bound to a key of the browser (RFC 9449); off by default
       * - `session_token`: How session tokens are made out for gateways; by default, aud is widget-session
       * - `trusted_issuers`: The identity providers whose tokens begin sessions of users
       * - `agent`: Who speaks to the visitor
       * - `branding`: The colors of the widget and where it opens
       * - `copy`: Texts of the widget, and any texts of your own
       * - `locale`: The language of the texts, such as en or pt-BR
       * - `supported_locales`: The languages of the widget
       * - `rate_limit`: Limits of the key; by default, those of the server
       * - `id`: The id of the client key
       * - `client_key`: The public identifier, pk_live_… or pk_test_…
       * - `disabled`: A disabled key gets the responses of an unknown one
       * - `observe_until`: When observe mode ends; absent if it is off
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly create: Method<'admin.clientKeys.create'>
      /**
       * List client keys.
       *
       * Lists the client keys of the acting account with all their settings, including the allowlist.
       *
       * `GET /v1/admin/client_keys`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.clientKeys.list'>
      /**
       * Change a client key.
       *
       * Fields you leave out keep their value, also inside `branding`; `copy` is replaced as a whole. While
       * `disabled` is true, its sessions and visitor tokens are not valid.
       *
       * `POST /v1/admin/client_keys/{client_key_id}`, with the scope `admin`.
       * @param input
       * - `name` (optional): For people; has no effect
       * - `origin_allowlist` (optional): The origins on which the key works; none if empty
       * - `auth_mode` (optional): Who can have a session
       * - `widget_enabled` (optional): Whether sessions can begin; the config is readable either way
       * - `bind` (optional): Whether new sessions are bound to a key of the browser (RFC 9449); off by default
       * - `session_token` (optional): How session tokens are made out for gateways; by default, aud is widget-session
       * - `trusted_issuers` (optional): The identity providers whose tokens begin sessions of users
       * - `agent` (optional): Who speaks to the visitor
       * - `branding` (optional): Colors and positions to change; the others stay
       * - `copy` (optional): Texts of the widget, and any texts of your own
       * - `locale` (optional): The language of the texts, such as en or pt-BR
       * - `supported_locales` (optional): By default, locale only
       * - `rate_limit` (optional): Limits of the key; those you leave out stay
       * - `disabled` (optional): A disabled key gets the responses of an unknown one
       * - `observe_until` (optional): Until then, origins that are not allowed can have sessions, marked `origin_unlisted`. At most 7 days ahead, 3 in production. null ends it and those sessions
       * - `client_key_id`: The id from admin.clientKeys.list, not the public name
       * - `id` (optional): Accepted if unchanged, so you can send a record back
       * - `client_key` (optional): Accepted if unchanged, so you can send a record back
       * @returns
       * - `name`: For people; has no effect
       * - `origin_allowlist`: The origins on which the key works; none if empty
       * - `auth_mode`: Who can have a session
       * - `widget_enabled`: Whether sessions can begin; the config is readable either way
       * - `bind`: Whether new sessions are bound to a key of the browser (RFC 9449); off by default
       * - `session_token`: How session tokens are made out for gateways; by default, aud is widget-session
       * - `trusted_issuers`: The identity providers whose tokens begin sessions of users
       * - `agent`: Who speaks to the visitor
       * - `branding`: The colors of the widget and where it opens
       * - `copy`: Texts of the widget, and any texts of your own
       * - `locale`: The language of the texts, such as en or pt-BR
       * - `supported_locales`: The languages of the widget
       * - `rate_limit`: Limits of the key; by default, those of the server
       * - `id`: The id of the client key
       * - `client_key`: The public identifier, pk_live_… or pk_test_…
       * - `disabled`: A disabled key gets the responses of an unknown one
       * - `observe_until`: When observe mode ends; absent if it is off
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly update: Method<'admin.clientKeys.update'>
      /**
       * Add an origin to the allowlist.
       *
       * Adds one origin and keeps the others, whatever changes them meanwhile. An origin that is already allowed
       * changes nothing. Use it for the origins that observe mode has seen.
       *
       * `POST /v1/admin/client_keys/{client_key_id}/allow_origin`, with the scope `admin`.
       * @param input
       * - `client_key_id`: The id from admin.clientKeys.list, not the public name
       * - `origin`: The origin to allow
       * @returns
       * - `name`: For people; has no effect
       * - `origin_allowlist`: The origins on which the key works; none if empty
       * - `auth_mode`: Who can have a session
       * - `widget_enabled`: Whether sessions can begin; the config is readable either way
       * - `bind`: Whether new sessions are bound to a key of the browser (RFC 9449); off by default
       * - `session_token`: How session tokens are made out for gateways; by default, aud is widget-session
       * - `trusted_issuers`: The identity providers whose tokens begin sessions of users
       * - `agent`: Who speaks to the visitor
       * - `branding`: The colors of the widget and where it opens
       * - `copy`: Texts of the widget, and any texts of your own
       * - `locale`: The language of the texts, such as en or pt-BR
       * - `supported_locales`: The languages of the widget
       * - `rate_limit`: Limits of the key; by default, those of the server
       * - `id`: The id of the client key
       * - `client_key`: The public identifier, pk_live_… or pk_test_…
       * - `disabled`: A disabled key gets the responses of an unknown one
       * - `observe_until`: When observe mode ends; absent if it is off
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly allowOrigin: Method<'admin.clientKeys.allowOrigin'>
      /**
       * Show how a widget may be embedded.
       *
       * Derives from the allowlist of one client key what a page needs to embed the widget: the `frame-ancestors`
       * directive of the widget page, the directives that the host page needs and the attributes of the iframe.
       * Give an `origin` to see whether it is allowed and why.
       *
       * `GET /v1/admin/client_keys/{client_key_id}/embed_policy`, with the scope `admin:read`.
       * @param input
       * - `client_key_id`: The id from admin.clientKeys.list, not the public name
       * - `origin` (optional): The origin to check, such as https://shop.example
       * @returns
       * - `frame_ancestors`: For the widget's own page: the directive that lists the pages that can frame it
       * - `frame_ancestors_differs`: Entries for which the directive allows more or less than the allowlist. Tokens always follow the allowlist
       * - `host_csp`: For the host page: directives to add to its Content-Security-Policy, if it has one
       * - `iframe`: The attributes of the iframe
       * - `cors`: CORS headers that a page of this origin receives
       * - `origin`: Whether the given origin is allowed
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly embedPolicy: Method<'admin.clientKeys.embedPolicy'>
      /**
       * Try a list of allowed origins on yesterday’s calls.
       *
       * Shows what an allowlist would have done to the calls of the last 24 hours with one client key: which
       * would have been refused, and which allowed. Changes nothing. Without `origin_allowlist`, the current one
       * is tried. Calls are counted by origin and hour, and the counts are written a few seconds late. Calls of
       * the server’s own widgets are not counted.
       *
       * `POST /v1/admin/client_keys/{client_key_id}/try`, with the scope `admin:read`.
       * @param input
       * - `client_key_id`: The id from admin.clientKeys.list, not the public name
       * - `origin_allowlist` (optional): The origins on which the key works; none if empty
       * @returns
       * - `origins`: The origins of the last 24 hours, most calls first
       * - `other_calls`: Calls of origins beyond the 50 that are counted separately in an hour, and of invalid ones
       * - `unlisted_origins`: In observe mode: the origins that got sessions without being allowed, at most 50
       * - `would_refuse`: Calls that were allowed, and would have been refused
       * - `would_allow`: Calls that were refused, and would have been allowed
       * - `summary`: The result in one sentence
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly try: Method<'admin.clientKeys.try'>
    }
    readonly customers: {
      /**
       * Add or change a customer.
       *
       * Fields you leave out keep their value; a new customer is `verified`. An id that belongs to another
       * account is refused as a conflict.
       *
       * `POST /v1/admin/customers`, with the scope `admin`.
       * @param input
       * - `id`: The id of the customer, which you choose
       * - `name` (optional): For people; has no effect
       * - `status` (optional): Decides whether Bridge tokens are issued for the customer
       * @returns
       * - `id`: The id of the customer
       * - `name`: For people; has no effect
       * - `status`: Decides whether Bridge tokens are issued for the customer
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly upsert: Method<'admin.customers.upsert'>
      /**
       * Get a customer.
       *
       * Returns one customer of the acting account.
       *
       * `GET /v1/admin/customers/{customer_id}`, with the scope `admin:read`.
       * @param input
       * - `customer_id`: The id of the customer
       * @returns
       * - `id`: The id of the customer
       * - `name`: For people; has no effect
       * - `status`: Decides whether Bridge tokens are issued for the customer
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly get: Method<'admin.customers.get'>
      /**
       * List customers.
       *
       * Returns the customers of the acting account, ordered by id.
       *
       * `GET /v1/admin/customers`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.customers.list'>
    }
    readonly cards: {
      /**
       * Add or change a card.
       *
       * Fields you leave out keep their value; a new card is `UNACTIVATED`. The customer must belong to the
       * acting account.
       *
       * `POST /v1/admin/cards`, with the scope `admin`.
       * @param input
       * - `id`: The id of the card, which you choose
       * - `customer_id`: The holder
       * - `status` (optional): Decides which widgets can open
       * - `last_four` (optional): The last four digits of the card number
       * @returns
       * - `id`: The id of the card
       * - `customer_id`: The holder
       * - `status`: Decides which widgets can open
       * - `last_four`: The last four digits of the card number
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly upsert: Method<'admin.cards.upsert'>
      /**
       * Get a card.
       *
       * Returns one card of the acting account.
       *
       * `GET /v1/admin/cards/{card_id}`, with the scope `admin:read`.
       * @param input
       * - `card_id`: The id of the card
       * @returns
       * - `id`: The id of the card
       * - `customer_id`: The holder
       * - `status`: Decides which widgets can open
       * - `last_four`: The last four digits of the card number
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly get: Method<'admin.cards.get'>
      /**
       * List cards.
       *
       * Returns the cards of the acting account, ordered by id.
       *
       * `GET /v1/admin/cards`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.cards.list'>
    }
    readonly kinds: {
      /**
       * Declare a kind of token, or change it.
       *
       * Declares a kind of token of your own, or replaces its declaration. A change affects new tokens only,
       * except a shorter longest lifetime, which also ends older tokens. `form`, `audience` and `typ` never
       * change. With `revision`, the change is made only if that is the current revision. A declaration that is
       * the same as the current one changes nothing. An account has at most 1,000 kinds, disabled ones included.
       *
       * `PUT /v1/admin/kinds/{name}`, with the scope `admin`.
       * @param input
       * - `name`: The name, unique in the account. Never changes
       * - `title` (optional): For people; has no effect
       * - `form`: jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes
       * - `ttl_seconds`: How long a token lives: from 10 seconds to 24 hours
       * - `uses` (optional): How often a token can be redeemed; null is any number of times until it expires
       * - `start_within_seconds` (optional): How soon after the mint the first redeem must come; null is no such limit
       * - `actions` (optional): What a token can permit. A mint names some of them; by default, all
       * - `resource` (optional): Whether a token names what it is for
       * - `claims` (optional): A JSON Schema (2020-12, some keywords) of the claims that a mint can add; null permits none
       * - `audience` (optional): The claim aud; by default, the name. No other kind or account of the server can use it. Never changes
       * - `typ` (optional): The header typ: the name followed by +jwt by default, or JWT or at+jwt, which need an audience. Never changes
       * - `minted_by` (optional): Who can mint: a backend with a secret key, a page with a client key, or both
       * - `revision` (optional): Change it only if this is its current revision
       * - `disabled` (optional): Accepted, so you can send a record back
       * @returns
       * - `name`: The name, unique in the account
       * - `title`: For people; has no effect
       * - `form`: jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes
       * - `ttl_seconds`: How long a token lives
       * - `uses`: How often a token can be redeemed; null is any number of times
       * - `start_within_seconds`: How soon after the mint the first redeem must come
       * - `actions`: What a token can permit
       * - `resource`: Whether a token names what it is for
       * - `claims`: The JSON Schema of the claims that a mint can add
       * - `audience`: The claim aud
       * - `typ`: The header typ; absent for the form opaque
       * - `minted_by`: Who can mint: a backend with a secret key, a page with a client key, or both
       * - `revision`: Counts the changes of the declaration. Tokens name it
       * - `disabled`: A disabled kind mints nothing, and its tokens have ended
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly put: Method<'admin.kinds.put'>
      /**
       * Get a kind of token.
       *
       * Returns the declaration of one kind of the acting account.
       *
       * `GET /v1/admin/kinds/{name}`, with the scope `admin:read`.
       * @param input
       * - `name`: The name of the kind
       * @returns
       * - `name`: The name, unique in the account
       * - `title`: For people; has no effect
       * - `form`: jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes
       * - `ttl_seconds`: How long a token lives
       * - `uses`: How often a token can be redeemed; null is any number of times
       * - `start_within_seconds`: How soon after the mint the first redeem must come
       * - `actions`: What a token can permit
       * - `resource`: Whether a token names what it is for
       * - `claims`: The JSON Schema of the claims that a mint can add
       * - `audience`: The claim aud
       * - `typ`: The header typ; absent for the form opaque
       * - `minted_by`: Who can mint: a backend with a secret key, a page with a client key, or both
       * - `revision`: Counts the changes of the declaration. Tokens name it
       * - `disabled`: A disabled kind mints nothing, and its tokens have ended
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly get: Method<'admin.kinds.get'>
      /**
       * List kinds of tokens.
       *
       * Returns the declared kinds of the acting account, ordered by name, disabled ones included.
       *
       * `GET /v1/admin/kinds`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.kinds.list'>
      /**
       * Disable a kind of token for good.
       *
       * The kind mints nothing more, and all of its tokens end. It can’t be enabled again, and its name stays
       * taken.
       *
       * `POST /v1/admin/kinds/{name}/disable`, with the scope `admin`.
       * @param input
       * - `name`: The name of the kind
       * @returns
       * - `name`: The name, unique in the account
       * - `title`: For people; has no effect
       * - `form`: jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes
       * - `ttl_seconds`: How long a token lives
       * - `uses`: How often a token can be redeemed; null is any number of times
       * - `start_within_seconds`: How soon after the mint the first redeem must come
       * - `actions`: What a token can permit
       * - `resource`: Whether a token names what it is for
       * - `claims`: The JSON Schema of the claims that a mint can add
       * - `audience`: The claim aud
       * - `typ`: The header typ; absent for the form opaque
       * - `minted_by`: Who can mint: a backend with a secret key, a page with a client key, or both
       * - `revision`: Counts the changes of the declaration. Tokens name it
       * - `disabled`: A disabled kind mints nothing, and its tokens have ended
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly disable: Method<'admin.kinds.disable'>
    }
    readonly sessions: {
      /**
       * End sessions and tokens.
       *
       * Ends one session, or everything that a visitor, user, client key, customer, card, secret key or the whole
       * account has started so far, or the tokens of a declared kind, or those of any declared kind for a subject
       * or a resource. With `children`, the child accounts are included. A secret key is not disabled by this:
       * everything it minted ends, but it can mint again until you disable it. Returns 422 if the id is of
       * another kind, and 404 if the client key, customer, card, secret key or kind is not in the account or the
       * session is over. Users, visitors, subjects and resources are not stored, so any of these is accepted.
       *
       * `POST /v1/admin/sessions/revoke`, with the scope `admin`.
       * @param input
       * - `session_id` (optional): The session to end
       * - `visitor_id` (optional): The visitor whose sessions to end
       * - `user_id` (optional): Your id of the user; case-sensitive
       * - `client_key_id` (optional): The id from `admin.clientKeys.list`, not the public name
       * - `customer_id` (optional): The customer's bridge tokens, and the card tokens of their cards
       * - `card_id` (optional): The card's tokens
       * - `api_key_id` (optional): Everything that this secret key minted; the key itself keeps working
       * - `kind` (optional): The tokens of this declared kind
       * - `subject` (optional): The tokens of declared kinds with this subject
       * - `resource` (optional): The tokens of declared kinds for this resource
       * - `account` (optional): Everything of the acting account
       * - `children` (optional): With account: also everything of its child accounts
       * @returns
       * - `revoked_at`: RFC 3339, UTC
       * - `scope`: What was ended
       * - `subject`: The id of what was ended, in its canonical form
       * - `not_before`: Everything of the subject that started up to this time has ended
       * - `already_ended`: For a session: true if it was already over
       * - `accounts_ended`: With children: the number of accounts, including the acting account
       * - `key_active`: For a secret key: true if it still works; disable it next
       * - `feed_cutoff`: Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended.
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly revoke: Method<'admin.sessions.revoke'>
    }
    readonly signingKeys: {
      /**
       * List signing keys.
       *
       * Lists the public data of every signing key. The key that becomes active last comes first.
       *
       * `GET /v1/admin/signing_keys`, with the scope `host`.
       * @param input Nothing.
       * @returns
       * - `data`: The entries
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.signingKeys.list'>
      /**
       * Announce the next signing key.
       *
       * The key is published now and starts to sign in 15 minutes, so every verifier has time to load it.
       *
       * `POST /v1/admin/signing_keys/rotate`, with the scope `host`.
       * @param input Nothing.
       * @returns
       * - `kid`: The thumbprint of the public key (RFC 7638), in the header of each token
       * - `alg`: The algorithm of its signatures
       * - `state`: Published only, signing, or published until the last token it signed has expired
       * - `created_at`: RFC 3339, UTC
       * - `activates_at`: When it begins to sign (RFC 3339, UTC)
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly rotate: Method<'admin.signingKeys.rotate'>
      /**
       * Revoke a signing key immediately.
       *
       * Use this if a key leaked. Every token it signed becomes invalid, and a new key signs from then on.
       *
       * `POST /v1/admin/signing_keys/{kid}/revoke`, with the scope `host`.
       * @param input
       * - `kid`: The id of the signing key, from admin.signingKeys.list
       * @returns
       * - `data`: The entries
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly revoke: Method<'admin.signingKeys.revoke'>
    }
    readonly webhooks: {
      /**
       * Create a webhook endpoint.
       *
       * Events are sent to it as Standard Webhooks, signed with the secret in the response, which is shown once.
       * It takes effect at once, and within a second on other replicas. An account has at most 10 endpoints.
       *
       * `POST /v1/admin/webhooks`, with the scope `admin`.
       * @param input
       * - `url`: Where to send events; https, and not in a private network
       * - `event_types`: The events to send; * is every one
       * - `description` (optional): For people; has no effect
       * @returns
       * - `id`: The id of the webhook endpoint
       * - `url`: Where events are sent
       * - `event_types`: The events that are sent; * is every one
       * - `description`: For people; has no effect
       * - `disabled`: A disabled endpoint gets no new events
       * - `disabled_reason`: requested by an administrator, or gone because the endpoint answered 410; null if it is enabled
       * - `created_at`: RFC 3339, UTC
       * - `previous_secret_until`: Until when the previous secret signs too (RFC 3339, UTC); null after that
       * - `secret`: whsec_…, shown once
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly create: Method<'admin.webhooks.create'>
      /**
       * List webhook endpoints.
       *
       * Lists the webhook endpoints of the acting account, without their secrets.
       *
       * `GET /v1/admin/webhooks`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.webhooks.list'>
      /**
       * Show a webhook endpoint.
       *
       * Shows a webhook endpoint without its secret.
       *
       * `GET /v1/admin/webhooks/{webhook_id}`, with the scope `admin:read`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * @returns
       * - `id`: The id of the webhook endpoint
       * - `url`: Where events are sent
       * - `event_types`: The events that are sent; * is every one
       * - `description`: For people; has no effect
       * - `disabled`: A disabled endpoint gets no new events
       * - `disabled_reason`: requested by an administrator, or gone because the endpoint answered 410; null if it is enabled
       * - `created_at`: RFC 3339, UTC
       * - `previous_secret_until`: Until when the previous secret signs too (RFC 3339, UTC); null after that
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly get: Method<'admin.webhooks.get'>
      /**
       * Change a webhook endpoint.
       *
       * Fields you leave out keep their value. Enabling an endpoint resumes its pending deliveries; events from
       * while it was disabled are not sent.
       *
       * `POST /v1/admin/webhooks/{webhook_id}`, with the scope `admin`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * - `url` (optional): Where to send events; https, and not in a private network
       * - `event_types` (optional): The events to send; * is every one
       * - `description` (optional): For people; has no effect
       * - `disabled` (optional): Whether to stop sending events
       * @returns
       * - `id`: The id of the webhook endpoint
       * - `url`: Where events are sent
       * - `event_types`: The events that are sent; * is every one
       * - `description`: For people; has no effect
       * - `disabled`: A disabled endpoint gets no new events
       * - `disabled_reason`: requested by an administrator, or gone because the endpoint answered 410; null if it is enabled
       * - `created_at`: RFC 3339, UTC
       * - `previous_secret_until`: Until when the previous secret signs too (RFC 3339, UTC); null after that
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly update: Method<'admin.webhooks.update'>
      /**
       * Replace the secret of a webhook endpoint.
       *
       * The new secret is shown once. During the overlap, each event is signed with both secrets, so you can
       * replace the secret without missing one. A secret from before the previous one signs no more.
       *
       * `POST /v1/admin/webhooks/{webhook_id}/rotate_secret`, with the scope `admin`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * - `overlap_seconds` (optional): How long the old secret keeps signing too
       * @returns
       * - `id`: The id of the webhook endpoint
       * - `url`: Where events are sent
       * - `event_types`: The events that are sent; * is every one
       * - `description`: For people; has no effect
       * - `disabled`: A disabled endpoint gets no new events
       * - `disabled_reason`: requested by an administrator, or gone because the endpoint answered 410; null if it is enabled
       * - `created_at`: RFC 3339, UTC
       * - `previous_secret_until`: Until when the previous secret signs too (RFC 3339, UTC); null after that
       * - `secret`: whsec_…, shown once
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly rotateSecret: Method<'admin.webhooks.rotateSecret'>
      /**
       * Delete a webhook endpoint.
       *
       * Nothing is sent to it any more. Its deliveries are deleted too.
       *
       * `POST /v1/admin/webhooks/{webhook_id}/delete`, with the scope `admin`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * @returns
       * - `id`: The id of the deleted endpoint
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly delete: Method<'admin.webhooks.delete'>
      /**
       * Send a test event.
       *
       * Sends an event of the type webhook.test to the endpoint, whatever it subscribed to.
       *
       * `POST /v1/admin/webhooks/{webhook_id}/test`, with the scope `admin`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * @returns
       * - `event_id`: The id of the event, to find its delivery
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly test: Method<'admin.webhooks.test'>
      /**
       * List the deliveries of a webhook endpoint.
       *
       * Lists events for an endpoint, newest first. Delivered ones are kept for 7 days, and dead ones for 30
       * days.
       *
       * `GET /v1/admin/webhooks/{webhook_id}/deliveries`, with the scope `admin:read`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * - `state` (optional): Only deliveries in this state
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly deliveries: Method<'admin.webhooks.deliveries'>
      /**
       * Send events again.
       *
       * Sends one event again, whatever its state, or up to 1,000 dead ones, oldest first. With `since`, sends up
       * to 1,000 delivered or dead ones again that happened since then; for the next ones, pass `next_cursor` as
       * `cursor`. They keep their ids, so a receiver that already processed one can skip it.
       *
       * `POST /v1/admin/webhooks/{webhook_id}/replay`, with the scope `admin`.
       * @param input
       * - `webhook_id`: The id of the webhook endpoint
       * - `event_id` (optional): One event; without it, the dead ones are sent again
       * - `since` (optional): Send delivered and dead ones again that happened since then (RFC 3339, UTC)
       * - `cursor` (optional): With since: the next_cursor of the previous call
       * @returns
       * - `replayed`: How many events will be sent again
       * - `next_cursor`: With since: the cursor of the next ones; absent if these are all
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly replay: Method<'admin.webhooks.replay'>
    }
    readonly refusals: {
      /**
       * Show why a request was refused.
       *
       * Lists the newest 20 refusals with this request id, either assigned by the server or sent as Request-Id,
       * in the acting account in the last 24 hours. Any secret key can call this. Repeated refusals are sampled.
       *
       * `GET /v1/admin/refusals/{request_id}`.
       * @param input
       * - `request_id`: The Request-Id header of the response
       * @returns
       * - `data`: The entries
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly get: Method<'admin.refusals.get'>
      /**
       * List refusals.
       *
       * Lists the refusals of the last 24 hours, newest first. Repeated refusals are sampled.
       *
       * `GET /v1/admin/refusals`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.refusals.list'>
    }
    readonly audit: {
      /**
       * List changes.
       *
       * Lists who changed what in the acting account through admin operations, newest first, for 90 days. An
       * entry is written in the same transaction as its change.
       *
       * `GET /v1/admin/audit`, with the scope `admin:read`.
       * @param input
       * - `cursor` (optional): The next_cursor of the previous page
       * - `limit` (optional): The page size, 1 to 100
       * @returns
       * - `data`: The entries
       * - `next_cursor`: The cursor of the next page; absent on the last one
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.audit.list'>
    }
    readonly activity: {
      /**
       * Count calls by minute, operation and outcome.
       *
       * Counts the calls of the acting account in the last hours, oldest minute first. Only counts above zero
       * have a row, and this call itself is not counted. Use the counts for charts, not for billing: they reach
       * the database a few seconds late, and a server that crashes loses its last ones.
       *
       * `GET /v1/admin/activity`, with the scope `admin:read`.
       * @param input
       * - `hours` (optional): How many hours to look back, 1 to 6
       * @returns
       * - `data`: The entries
       * @throws HallpassClientError with one of these reasons: malformed_request, invalid_header, method_not_allowed, payload_too_large, unsupported_media_type, validation_failed, rate_limited, internal_error, unavailable, unauthenticated, insufficient_scope, account_disabled, not_found, invalid_path_parameter, invalid_query_parameter, state_conflict, idempotency_invalid_reuse, idempotency_concurrent_use.
       */
      readonly list: Method<'admin.activity.list'>
    }
  }
}
