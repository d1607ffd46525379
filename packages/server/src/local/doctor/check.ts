import type { Exposure } from '../../exposure/exposure.js'

/** The result of one check. */
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
  /** What was found, as a phrase. */
  readonly found: string
  /** What to do about it, as a sentence. Only with a warning or a failure. */
  readonly fix?: string
}

type What = Check['what']

export const ok = (what: What, found: string): Check => ({ what, state: 'ok', found })
export const warning = (what: What, found: string, fix: string): Check => ({ what, state: 'warning', found, fix })
export const failed = (what: What, found: string, fix: string): Check => ({ what, state: 'failed', found, fix })

/** An exposure keeps a server for production from starting, and any other only logs it. */
export const exposed = ({ what, found, fix }: Exposure, strict: boolean): Check =>
  strict ? failed(what, found, fix) : warning(what, found, fix)

/** The message of an error, in one line. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
