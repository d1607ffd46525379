/** Milliseconds until the next attempt after consecutive failures: doubles from 2 s to one minute, with jitter. */
export const backoff = (failures: number, random: number): number =>
  jittered(Math.min(2_000 * 2 ** Math.min(failures - 1, 10), 60_000), random)

/** A duration between half and all of it, so that many pages don't retry at the same time. */
export const jittered = (milliseconds: number, random: number): number => milliseconds * (0.5 + random / 2)
