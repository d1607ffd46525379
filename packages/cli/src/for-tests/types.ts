/** The settings of {@link startHallpass}. */
export interface StartOptions {
  /** Accounts with keys, customers and cards, as in a fixture file. By default those of `hallpass dev`. */
  readonly fixture?: object
  /** The port to listen on. Default: any free port. */
  readonly port?: number
  /** Origins of your widgets, as in `hallpass serve --widget-origins`. */
  readonly widgetOrigins?: readonly string[]
  /** Milliseconds since the epoch at the start. Default: now. */
  readonly now?: number
  /** The minimum level to log to stderr. Default: error. */
  readonly logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

/** A visitor's session, as a page gets it. */
export interface TestSession {
  readonly token: string
  readonly refresh_token: string
  readonly expires_at: string
  readonly session_id: string
  readonly visitor_id: string
  readonly auth_mode: 'guest' | 'user'
}

/** Makes tokens as a page and a backend would. The defaults are keys and records of the sandbox. */
export interface Mints {
  readonly guest: (options?: { readonly clientKey?: string; readonly origin?: string }) => Promise<TestSession>
  readonly user: (
    userId: string,
    options?: {
      readonly apiKey?: string
      readonly clientKey?: string
      readonly origin?: string
      readonly displayName?: string
      readonly email?: string
    },
  ) => Promise<TestSession>
  readonly bridgeToken: (options?: {
    readonly apiKey?: string
    readonly customerId?: string
    readonly externalId?: string
  }) => Promise<string>
  readonly cardToken: (options?: {
    readonly apiKey?: string
    readonly cardId?: string
    readonly widgetType?: 'ACTIVATE' | 'GET_PIN' | 'REVEAL' | 'SET_PIN'
  }) => Promise<string>
}

/** A running server, with an empty database in memory. */
export interface TestHallpass {
  /** Such as `http://127.0.0.1:41234`. It is also the issuer of the tokens. */
  readonly url: string
  /** The keys and ids of the sandbox. A fixture of your own has others. */
  readonly keys: {
    /** A secret key with full access to the account. */
    readonly apiKey: string
    /** A client key that allows every port of localhost. */
    readonly clientKey: string
    readonly customerId: string
    /** An active card. */
    readonly cardId: string
  }
  readonly clock: {
    /** The server's time, in milliseconds since the epoch. */
    readonly now: () => number
    /** Sets the server's time forward, so that tokens expire without a wait. Resolves when the server uses it. */
    readonly advance: (seconds: number) => Promise<void>
  }
  readonly mint: Mints
  /** Revokes a token of any kind. */
  readonly revoke: (token: string, options?: { readonly apiKey?: string }) => Promise<void>
  /** Ends the server. It also ends with your process. */
  readonly stop: () => Promise<void>
}
