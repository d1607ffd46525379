import { opaqueLifetimes } from '@hallpass/contracts'

/** The times of a cutoff, in milliseconds. It is kept until everything that it ends has expired. */
export const cutoffTimes = (notBefore: number) => ({
  notBefore,
  expiresAt: notBefore + opaqueLifetimes.refreshAbsolute * 1000,
})
