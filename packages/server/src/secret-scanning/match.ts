import { z } from 'zod'

/** What happens to an active secret key that was found: it is only reported, or also disabled. */
export const leakActions = ['report', 'disable'] as const
export type LeakAction = (typeof leakActions)[number]

/** The maximum size of a report, in bytes: several hundred matches. */
export const maxReportBytes = 262_144

/** A place where a secret was found, in the format of GitHub's secret scanning partner program. */
export const LeakMatch = z.object({
  token: z.string().min(1).max(1_000),
  type: z.string().max(200),
  /** May be empty. */
  url: z.string().max(2_000).default(''),
  source: z.string().max(100).default(''),
})
export type LeakMatch = z.infer<typeof LeakMatch>

export const LeakReport = z.array(LeakMatch).min(1).max(1_000)

/** The scanner's feedback about a match. */
export interface LeakFeedback {
  /** SHA-256 of the token, hex, so that the response doesn't repeat the secret. */
  readonly token_hash: string
  readonly token_type: string
  readonly label: 'true_positive' | 'false_positive'
}
