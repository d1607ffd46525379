import { z } from 'zod'

/** What happens to a live secret key that was found: it is written down, or disabled too. */
export const leakActions = ['report', 'disable'] as const
export type LeakAction = (typeof leakActions)[number]

/** The most bytes of a report that are read: several hundred matches. */
export const maxReportBytes = 262_144

/** One place where a secret was found, as GitHub's secret scanning partner program describes it. */
export const LeakMatch = z.object({
  token: z.string().min(1).max(1_000),
  type: z.string().max(200),
  /** May be empty. */
  url: z.string().max(2_000).default(''),
  source: z.string().max(100).default(''),
})
export type LeakMatch = z.infer<typeof LeakMatch>

export const LeakReport = z.array(LeakMatch).min(1).max(1_000)

/** What the scanner learns about a match. */
export interface LeakFeedback {
  /** SHA-256 of the token, hex, so that the answer does not repeat the secret. */
  readonly token_hash: string
  readonly token_type: string
  readonly label: 'true_positive' | 'false_positive'
}
