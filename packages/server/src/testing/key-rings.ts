import { randomBytes } from 'node:crypto'
import type { TokenAlg } from '@hallpass/contracts'
import { type KeyRing, type KeyStore, openKeyRing } from '../signing/key-ring.js'
import { isOfChain, type StoredSigningKey } from '../store/queries/signing-keys.js'
import { fixedRing } from './fixed-keys.js'

/** The time at which their clock stands still. */
export const start = Date.parse('2026-11-21T08:00:00.000Z')

type OnRefused = (refused: { readonly kid: string; readonly reason: string }) => void

/** A store in memory, a clock that stands still, and rings over both. Each ring represents one process. */
export function setUpKeyRings() {
  let rows: StoredSigningKey[] = []
  let now = start
  let algs: readonly TokenAlg[] = []
  const store: KeyStore = {
    transaction: (run) => run(store),
    lockSetting: async () => undefined,
    lockSigningKeys: () => store.listSigningKeys(),
    listSigningKeys: async () => rows.toSorted((a, b) => b.activates_at - a.activates_at || (a.kid < b.kid ? -1 : 1)),
    succeedSigningKey: async (key: StoredSigningKey, predecessor: string | undefined) => {
      const chain = (await store.listSigningKeys()).filter((other) => isOfChain(other, key))
      if (chain[0]?.kid !== predecessor) return false
      rows = [...rows, key]
      return true
    },
    addServerWebhookEvent: async () => {},
    listSessionAlgs: async () => [...algs],
    noteUnusedSince: async (alg, since) => {
      const isNoted = (row: StoredSigningKey) => row.for_client_keys !== null && row.alg === alg
      rows = rows.map((row) => (isNoted(row) ? { ...row, unused_since: since } : row))
    },
    replaceSigningKey: async (kid: string, successor: StoredSigningKey | undefined) => {
      if (!rows.some((row) => row.kid === kid)) return false
      rows = [...rows.filter((row) => row.kid !== kid), ...(successor ? [successor] : [])]
      return true
    },
  }
  const clock = { now: () => now, random: randomBytes }
  const sealKey = randomBytes(32)
  return {
    store,
    open: async (alg: TokenAlg = 'EdDSA', key = sealKey, onRefused: OnRefused = () => {}) =>
      changeAndReload(await openKeyRing({ clock, dataKeys: fixedRing(key), alg, store, onRefused }), store),
    advance: (milliseconds: number) => {
      now += milliseconds
    },
    /** The algorithms that client keys have from now on. */
    setAlgs: (...used: TokenAlg[]) => {
      algs = used
    },
    rows: () => rows,
    put: (changed: StoredSigningKey[]) => {
      rows = changed
    },
  }
}

/** A ring that loads its own changes after the commit, as the handlers do. */
function changeAndReload(ring: KeyRing, store: KeyStore) {
  const then = async <T>(change: Promise<T>) => {
    const result = await change
    await ring.reload()
    return result
  }
  return {
    ...ring,
    rotate: () => then(ring.rotate(store)),
    revoke: (kid: string) => then(ring.revoke(store, kid)),
    use: (...wanted: [alg: TokenAlg, begins: 'at once' | 'announced']) => then(ring.use(store, ...wanted)),
  }
}
