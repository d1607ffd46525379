import type { Target } from './target.js'

/** The documented APIs. */
export const apis = ['bridge', 'visitor', 'card'] as const
export type Api = (typeof apis)[number]

/** Something that a server does otherwise than documented. It holds no token and no key. */
export interface Difference {
  /** What was compared, such as `status` or `header cache-control`. */
  readonly what: string
  readonly expected: string
  readonly received: string
}

/** One promise of the contract. */
export interface Check {
  /** Its name in the output, such as `bridge.single_use`. */
  readonly id: string
  readonly title: string
  /** The calls that create something, if the server works as documented. */
  readonly creates: readonly string[]
  /** Whether only Hallpass promises this, and not the API that it implements. */
  readonly addition: boolean
  /** Whether it waits until a token has expired. */
  readonly waits?: boolean
  /** What it needs besides what its API needs. */
  readonly needs?: keyof Target
  readonly run: (target: Target) => Promise<readonly Difference[]>
}

/** A check of calls that a server must refuse, so nothing is created. */
export const refusal = (id: string, title: string, run: Check['run']): Check => ({
  id,
  title,
  creates: [],
  addition: false,
  run,
})

/** A check that creates something. */
export const creation = (id: string, title: string, creates: readonly string[], run: Check['run']): Check => ({
  id,
  title,
  creates,
  addition: false,
  run,
})

/** A check of what only Hallpass promises. */
export const ofHallpass = (check: Check): Check => ({ ...check, addition: true })

/** A check that waits until a token has expired, which takes minutes. */
export const waiting = (check: Check): Check => ({ ...check, waits: true })

/** A check that needs a flag of its own. */
export const needing = (needs: keyof Target, check: Check): Check => ({ ...check, needs })
