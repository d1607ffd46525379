import { opaqueLifetimes } from '@hallpass/contracts'

/** The times of a cutoff, in milliseconds. It is kept until everything that it ends has expired. */
export const cutoffTimes = (notBefore: number) => ({
  notBefore,
  expiresAt: notBefore + opaqueLifetimes.refreshAbsolute * 1000,
})

/**
 * A replica follows a change within a second, and a call takes a while. What it still begins in this time has ended too,
 * if a cutoff lies this far ahead.
 */
export const stragglerMilliseconds = 10_000
