/** A piece of an input that is repeated between what stands before and after it. */
export interface Pump {
  readonly before: string
  readonly piece: string
  readonly after: string
}

/** How the time of a run grows from a quarter of the length to the whole. */
export interface Growth {
  readonly milliseconds: number
  readonly quarterMilliseconds: number
}

/** Four times the length may take this many times as long; what grows with the square takes 16 times. */
const maxGrowth = 9
/** A run that takes less at the greatest length is harmless, and too short to measure beside other processes. */
const leastMilliseconds = 10
const proofs = 9

export const pumped = ({ before, piece, after }: Pump, length: number): string =>
  before + piece.repeat(Math.max(1, Math.floor((length - before.length - after.length) / piece.length))) + after

/** How a run grows faster than its input, or undefined where it does not. A suspicion is measured several times. */
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
