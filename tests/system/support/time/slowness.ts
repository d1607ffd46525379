import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'

/** How long the smallest Node program takes on an idle machine. */
const quietMilliseconds = 60

/**
 * How many times slower processes currently are than on an idle machine, at least 1. Time limits are multiplied by it.
 */
export function slowness(): number {
  const started = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return Math.max(1, (performance.now() - started) / quietMilliseconds)
}

/** Checks that something took less than `limit` milliseconds, or proportionally more on a busy machine. */
export function expectBelow(took: number, limit: number): void {
  if (took >= limit) expect(took).toBeLessThan(limit * slowness())
}

/** Starts measuring. The returned function checks that at most `limit` milliseconds passed, or proportionally more on a busy machine. */
export function startTimeLimit(limit: number): () => void {
  const before = slowness()
  const began = performance.now()
  return () => {
    const took = performance.now() - began
    if (took >= limit) expect(took).toBeLessThan(limit * Math.max(before, slowness()))
  }
}
