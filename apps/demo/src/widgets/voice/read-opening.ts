/** The token that the page passed, and the exhibit that it is for. */
export interface Opening {
  readonly token: string
  readonly exhibit: string
}

/** Reads `#token=…&exhibit=…`. Browsers don't send the fragment to any server. */
export function readOpening(hash: string): Opening | undefined {
  const given = new URLSearchParams(hash.slice(1))
  const [token, exhibit] = [given.get('token'), given.get('exhibit')]
  return token && exhibit ? { token, exhibit } : undefined
}
