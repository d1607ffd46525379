/** A network between a verifier and its issuer that a test can cut; what is under way then breaks. */
export interface CutFetch {
  readonly fetch: typeof globalThis.fetch
  readonly cut: () => void
  readonly mend: () => void
  /** Paths that were asked for, in their order. */
  readonly asked: string[]
}

export function cutFetch(): CutFetch {
  let line = new AbortController()
  const asked: string[] = []
  return {
    asked,
    async fetch(input, init = {}) {
      asked.push(new URL(String(input)).pathname)
      const signals = init.signal ? [init.signal, line.signal] : [line.signal]
      return globalThis.fetch(input, { ...init, signal: AbortSignal.any(signals) })
    },
    cut: () => line.abort(new Error('the network is cut')),
    mend() {
      line = new AbortController()
    },
  }
}
