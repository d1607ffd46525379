/** Binds sessions to a key of this browser (RFC 9449). `bindToKey()` of `@hallpass/client/dpop` creates one. */
export interface KeyBinding {
  /** The headers that prove the key in a request, and carry the token if there is one. */
  readonly headers: (request: {
    readonly method: string
    readonly url: string
    readonly token?: string
  }) => Promise<Readonly<Record<string, string>>>
}
