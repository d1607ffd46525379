import { setImmediate as turn } from 'node:timers/promises'
import type { Store } from '../servers/server-parts.js'

/** A store with some methods replaced, also within transactions. */
const changed =
  (change: (store: Store) => Partial<Store>) =>
  (store: Store): Store => ({
    ...store,
    transaction: (run) => store.transaction((inner) => run(changed(change)(inner))),
    ...change(store),
  })

/** Typical mistakes of such a service. */
export const plantedFaults: Record<string, (store: Store) => Store> = {
  'the predecessor has no grace period': changed((store) => ({
    findSession: async (name) => {
      const row = await store.findSession(name)
      return row && { ...row, rotatedAt: row.rotatedAt === null ? null : 0 }
    },
  })),
  'a revoked session is ignored': changed((store) => ({
    findSession: async (name) => {
      const row = await store.findSession(name)
      return row && { ...row, revokedAt: null }
    },
    findSessionStanding: async (...token) => ({ ...(await store.findSessionStanding(...token)), revokedAt: null }),
  })),
  'a copied refresh token does not end its family': changed((store) => {
    const reused = new Set<string>()
    return {
      rotateSession: async (name, ...rotation) => {
        const rotated = await store.rotateSession(name, ...rotation)
        if (!rotated) reused.add(name.sid)
        return rotated
      },
      revokeSession: async (name, times) => reused.delete(name.sid) || store.revokeSession(name, times),
    }
  }),
  'redeem checks first and writes later': changed((store) => ({
    redeemCardToken: async (accountId, hash, type, now) => {
      const row = await store.findCardToken(accountId, hash)
      await turn()
      if (!row || row.redeemed_at !== null) return undefined
      await store.redeemCardToken(accountId, hash, type, now)
      if (row.revoked_at !== null || row.expires_at <= now) return undefined
      return { card_id: row.card_id, jti: row.jti, redeemed_at: now }
    },
  })),
  'the visitor token is checked first and spent later': changed((store) => ({
    consumeOrRevokeToken: async (token, state, times) => {
      const isDecided = await store.isTokenFinal(token)
      await turn()
      await store.consumeOrRevokeToken(token, state, times)
      return !isDecided
    },
    // otherwise the transaction would serialize the two
    transaction: (run) => run(plantedFaults['the visitor token is checked first and spent later']?.(store) ?? store),
  })),
  "the kind is missing from the key of a token's state": changed((store) => ({
    consumeOrRevokeToken: (token, state, times) =>
      store.consumeOrRevokeToken({ ...token, kind: 'bridge' }, state, times),
    isTokenFinal: (token) => store.isTokenFinal({ ...token, kind: 'bridge' }),
  })),
  'a cutoff does not include its own millisecond': changed((store) => ({
    findCutoff: async (accountId, cutoffs) => {
      const notBefore = await store.findCutoff(accountId, cutoffs)
      return notBefore === undefined ? undefined : notBefore - 1
    },
  })),
}
