/** A piece of an input that is repeated between a prefix and a suffix. */
export interface Pump {
  readonly before: string
  readonly piece: string
  readonly after: string
}

/** How the run time grows from a quarter of the length to the full length. */
export interface Growth {
  readonly milliseconds: number
  readonly quarterMilliseconds: number
}

/** Four times the length may take this many times as long. Quadratic growth would take 16 times as long. */
const maxGrowth = 9
/** A run that takes less at the maximum length is harmless, and too short to measure next to other processes. */
const leastMilliseconds = 10
const proofs = 9

export const pumped = ({ before, piece, after }: Pump, length: number): string =>
  before + piece.repeat(Math.max(1, Math.floor((length - before.length - after.length) / piece.length))) + after

/**
 * How the run time grows faster than the input, or undefined if it doesn't. Suspicious inputs are measured several
 * times.
 */
export function findGrowth(run: (text: string) => unknown, pump: Pump, longest: number): Growth | undefined {
  const whole = pumped(pump, longest)
  const quarter = pumped(pump, longest / 4)
  let milliseconds = Number.POSITIVE_INFINITY
  let quarterMilliseconds = Number.POSITIVE_INFINITY
  for (let i = 0; i < proofs; i++) {
    milliseconds = Math.min(milliseconds, timeOf(run, whole))
    if (milliseconds < leastMilliseconds) return undefined
    quarterMilliseconds = Math.min(quarterMilliseconds, timeOf(run, quarter))
    if (milliseconds <= maxGrowth * quarterMilliseconds) return undefined
  }
  return { milliseconds, quarterMilliseconds }
}

function timeOf(run: (text: string) => unknown, text: string): number {
  const start = process.cpuUsage()
  run(text)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
