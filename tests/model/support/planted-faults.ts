import type { Store } from '../../system/support/servers/server-parts.js'
import { plantedFaults as tokenFaults } from '../../system/support/token-model/planted-faults.js'

type Change = (store: Store, now: () => number) => Partial<Store>

/** A session is named in the feed this long, instead of 17 minutes. */
const tooShortMilliseconds = 60_000
const sessionFeedMilliseconds = 1_020_000

/** Mistakes in the server's decisions that a replay must find. */
const changes: Record<string, Change> = {
  'a spent card token can be spent again': (store) => ({
    async redeemCardToken(accountId, hash, type, now) {
      const spent = await store.redeemCardToken(accountId, hash, type, now)
      if (spent) return spent
      const row = await store.findCardToken(accountId, hash)
      return row?.redeemed_at ? { card_id: row.card_id, jti: row.jti, redeemed_at: now } : undefined
    },
  }),
  'an old refresh token works after its 10 seconds': (store, now) => ({
    async findSession(name) {
      const row = await store.findSession(name)
      return row && { ...row, rotatedAt: row.rotatedAt === null ? null : now() }
    },
  }),
  'a revoked session leaves the feed too soon': (store) => ({
    async listRevocations(source, page) {
      const rows = await store.listRevocations(source, page)
      if (source !== 'sessions') return rows
      return rows.map((row) => ({ ...row, at: row.at - sessionFeedMilliseconds + tooShortMilliseconds }))
    },
  }),
  'disabling an account ends nothing': (store) => ({
    addCutoff: async (accountId, cutoff, ...rest) => {
      if (cutoff.scope !== 'account') await store.addCutoff(accountId, cutoff, ...rest)
    },
  }),
  'enabling an account forgets its cutoff': (store, now) => ({
    addCutoff: async (accountId, cutoff, times, ...rest) => {
      // that of disabling it lies ahead
      if (cutoff.scope === 'account' && times.notBefore <= now()) return
      await store.addCutoff(accountId, cutoff, times, ...rest)
    },
  }),
  'a restore ends nothing': () => ({ markRestored: async () => {} }),
}

const applied =
  (change: Change, now: () => number) =>
  (store: Store): Store => ({
    ...store,
    transaction: (run) => store.transaction((inner) => run(applied(change, now)(inner))),
    ...change(store, now),
  })

const cutoff = 'a cutoff does not include its own millisecond'

/** What replaces the store of a server, by the name of the mistake. */
export const plantedFaults: Record<string, (store: Store, now: () => number) => Store> = {
  ...Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [
      name,
      (store: Store, now: () => number) => applied(change, now)(store),
    ]),
  ),
  [cutoff]: (store) => tokenFaults[cutoff]?.(store) ?? store,
}

/** Lets tests plant one mistake after the other in the same server. */
export function createPlanting() {
  let planted: string | undefined
  return {
    set(name: string | undefined) {
      planted = name
    },
    plant(store: Store, now: () => number): Store {
      const faulty = new Map(Object.entries(plantedFaults).map(([name, plant]) => [name, plant(store, now)]))
      return new Proxy(store, { get: (_, method) => Reflect.get(faulty.get(planted ?? '') ?? store, method) })
    },
  }
}
