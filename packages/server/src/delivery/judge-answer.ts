import type { AttemptOutcome } from '../store/queries/webhook-queue.js'

const second = 1_000
const hour = 3_600 * second
const firstDelay = 5 * second
const longestDelay = 8 * hour
/** A receiver may ask for a longer pause than ours, but not for one that outlasts its events. */
const longestRetryAfter = 24 * hour
const keptDelivered = 6 * 24 * hour
const keptDead = 29 * 24 * hour

/** How an attempt ended. The metrics count these names. */
export const attemptResults = [
  'delivered',
  'gone',
  'redirect',
  'refused',
  'timeout',
  'connection_failed',
  'forbidden_address',
  'unreadable_secret',
  'interrupted',
] as const
export type AttemptResult = (typeof attemptResults)[number]

export interface Answer {
  readonly result: AttemptResult
  readonly status: number | null
  /** The header, if there is one. */
  readonly retryAfter?: string | undefined
}

/** The result that a status stands for. */
export function resultOfStatus(status: number): AttemptResult {
  if (status >= 200 && status < 300) return 'delivered'
  if (status === 410) return 'gone'
  return status >= 300 && status < 400 ? 'redirect' : 'refused'
}

interface Attempt {
  /** With this one. */
  readonly attempts: number
  readonly give_up_at: number
}

/** `jitter` is from 0 to 1, so that what failed together is not sent again together. */
export function judgeAnswer(attempt: Attempt, answer: Answer, now: number, jitter: number): AttemptOutcome {
  const { result, status } = answer
  const said = { at: now, status, result }
  if (result === 'delivered') {
    return { ...said, state: 'delivered', nextAttemptAt: now, expiresAt: now + keptDelivered }
  }
  const nextAttemptAt = result === 'interrupted' ? now : now + pauseAfter(attempt, answer, now, jitter)
  if (result === 'gone' || nextAttemptAt >= attempt.give_up_at) {
    return { ...said, state: 'dead', nextAttemptAt: now, expiresAt: now + keptDead }
  }
  return { ...said, state: 'pending', nextAttemptAt, expiresAt: null }
}

/** 5 s, 15 s, 45 s and so on up to 8 h, each a fifth shorter or longer. */
function pauseAfter({ attempts }: Attempt, { retryAfter }: Answer, now: number, jitter: number): number {
  const usual = Math.min(firstDelay * 3 ** Math.min(attempts - 1, 20), longestDelay)
  return Math.max(
    Math.round(usual * (0.8 + 0.4 * jitter)),
    Math.min(readRetryAfter(retryAfter, now), longestRetryAfter),
  )
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function readRetryAfter(text: string | undefined, now: number): number {
  if (text === undefined) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * second
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}
