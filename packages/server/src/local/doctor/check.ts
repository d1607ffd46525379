/** One thing that was looked at. */
export interface Check {
  readonly what:
    | 'configuration'
    | 'database'
    | 'migrations'
    | 'master key'
    | 'data keys'
    | 'keys'
    | 'signing keys'
    | 'tenants'
    | 'clock'
    | 'port'
  readonly state: 'ok' | 'warning' | 'failed'
  /** What was found, in a sentence. */
  readonly found: string
  /** What to do about it, in a sentence; with a warning or a failure only. */
  readonly fix?: string
}

type What = Check['what']

export const ok = (what: What, found: string): Check => ({ what, state: 'ok', found })
export const warning = (what: What, found: string, fix: string): Check => ({ what, state: 'warning', found, fix })
export const failed = (what: What, found: string, fix: string): Check => ({ what, state: 'failed', found, fix })

/** The words of an error, in one line. */
export const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
