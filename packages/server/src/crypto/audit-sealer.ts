import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { AuditSealer, Checked, Mac, PlacedContent } from '../store/queries/audit-chain.js'
import type { DataKeyRing } from './data-key-ring.js'

/** The keys that the history is chained with: one makes new codes, others are known from before. */
export interface AuditKeys {
  readonly current: () => { readonly id: string; readonly key: Buffer }
  /** Undefined for a key that was forgotten. */
  readonly find: (id: string) => Buffer | undefined
  readonly refresh: AuditSealer['refresh']
}

/** The history is chained with keys of the data keys. */
export function createRingSealer(ring: Pick<DataKeyRing, 'active' | 'byId' | 'current'>): AuditSealer {
  return createAuditSealer({
    current() {
      const { id, auditMac } = ring.active()
      return { id: String(id), key: auditMac }
    },
    find: (id) => ring.byId(Number(id))?.auditMac,
    async refresh(store) {
      await ring.current(store)
    },
  })
}

/**
 * Entries are chained by a hash that needs no key, and each hash has a code of its own (HMAC-SHA-256). So an entry whose
 * key was forgotten is still held by the codes of those that follow it, and by the head's.
 */
export function createAuditSealer({ current, find, refresh }: AuditKeys): AuditSealer {
  const seal = (message: string): Mac => {
    const { id, key } = current()
    return { key_id: id, mac: macOf(key, id, message) }
  }
  const check = (message: string, { key_id, mac }: { readonly key_id: unknown; readonly mac: unknown }): Checked => {
    if (typeof key_id !== 'string' || typeof mac !== 'string') return 'wrong'
    const key = find(key_id)
    if (!key) return 'forgotten'
    return isSame(macOf(key, key_id, message), mac) ? 'right' : 'wrong'
  }
  return {
    refresh,
    sealEntry(previous, entry) {
      const { id, key } = current()
      const digest = digestOf(previous, entry, id)
      const mac = macOf(key, id, `entry ${digest}`)
      return { key_id: id, mac, link: linkOf(digest, mac) }
    },
    checkEntry(previous, entry) {
      const digest = digestOf(previous, entry, entry.key_id)
      return { checked: check(`entry ${digest}`, entry), link: linkOf(digest, entry.mac) }
    },
    sealHead: (head) => seal(messageOf(head)),
    checkHead: (head) => check(messageOf(head), head),
    sealCensus({ chains, unchained }) {
      const { key_id, mac } = seal(`census ${chains} ${unchained}`)
      return [chains, unchained, key_id, mac].join(' ')
    },
    openCensus(sealed) {
      const [chains = '', unchained = '', key_id, mac] = sealed.split(' ')
      if (check(`census ${chains} ${unchained}`, { key_id, mac }) !== 'right') return undefined
      return { chains: Number(chains), unchained: Number(unchained) }
    },
  }
}

function digestOf(previous: string, entry: PlacedContent, keyId: string | null): string {
  const content = [
    entry.seq,
    entry.id,
    entry.account_id,
    entry.at,
    entry.operation,
    entry.request_id,
    entry.api_key_id,
    entry.api_key_account_id,
    entry.target_id,
    entry.changes,
    entry.expires_at,
  ]
  return createHash('sha256')
    .update(JSON.stringify([previous, keyId, ...content]))
    .digest('base64url')
}

/** The code is part of it: nobody can change that of an entry whose key was forgotten either. */
const linkOf = (digest: string, mac: string | null) => `${digest}.${mac}`

const messageOf = (head: Parameters<AuditSealer['sealHead']>[0]) =>
  `head ${JSON.stringify([
    head.chain,
    head.account_id,
    head.seq,
    head.link,
    head.removed_seq,
    head.removed_link,
    head.broken_at,
  ])}`

/** The id as it is written is part of it: another spelling is another id. */
const macOf = (key: Buffer, id: string, message: string) =>
  createHmac('sha256', key).update(`${id} ${message}`).digest('base64url')

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
