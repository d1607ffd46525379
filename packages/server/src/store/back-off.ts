import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits before attempt number `attempt` (from 1) to reach a database: up to 1 s, at random, so that replicas don't
 * retry at the same time.
 */
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(1_000, 50 * 2 ** attempt)
  await delay(longest * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {})
}
