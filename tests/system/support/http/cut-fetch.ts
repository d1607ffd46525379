/** A network between a verifier and its issuer that a test can cut. Pending requests then fail. */
export interface CutFetch {
  readonly fetch: typeof globalThis.fetch
  readonly cut: () => void
  readonly mend: () => void
  /** Requested paths, in order. */
  readonly asked: string[]
  /** The responses in order: their content type, and when they began to arrive (`performance.now()`). */
  readonly responses: { readonly type: string | null; readonly at: number }[]
}

export function cutFetch(): CutFetch {
  let line = new AbortController()
  const asked: string[] = []
  const responses: { type: string | null; at: number }[] = []
  return {
    asked,
    responses,
    async fetch(input, init = {}) {
      asked.push(new URL(String(input)).pathname)
      const signals = init.signal ? [init.signal, line.signal] : [line.signal]
      const response = await globalThis.fetch(input, { ...init, signal: AbortSignal.any(signals) })
      responses.push({ type: response.headers.get('Content-Type'), at: performance.now() })
      return response
    },
    cut: () => line.abort(new Error('the network is cut')),
    mend() {
      line = new AbortController()
    },
  }
}
