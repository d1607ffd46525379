import { opaqueLifetimes } from '@hallpass/contracts'

/** The times of a cutoff, in milliseconds. It is kept until nothing that it ends could live: no token or session is older. */
export const cutoffTimes = (notBefore: number) => ({
  notBefore,
  expiresAt: notBefore + opaqueLifetimes.refreshAbsolute * 1000,
})
