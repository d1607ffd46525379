/** Remembers a proof. False if it was remembered before. */
export type RememberProof = (id: string, expiresAt: number) => boolean | Promise<boolean>

/** About 15 MB. */
const mostProofs = 100_000

/**
 * Remembers proofs in this process until nothing accepts them any more. If there are too many, it forgets the oldest, so a
 * copy of that proof could be accepted once more.
 */
export function createProofMemory(now: () => number, limit = mostProofs): RememberProof {
  const expiries = new Map<string, number>()
  return (id, expiresAt) => {
    if ((expiries.get(id) ?? 0) * 1000 > now()) return false
    // the oldest come first, and expire in about this order
    for (const [oldest, expiry] of expiries) {
      if (expiry * 1000 > now() && expiries.size < limit) break
      expiries.delete(oldest)
    }
    expiries.set(id, expiresAt)
    return true
  }
}
