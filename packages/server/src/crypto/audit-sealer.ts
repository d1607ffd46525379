import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { AuditSealer, Checked, Mac, PlacedContent } from '../store/queries/audit-chain.js'
import type { DataKeyRing } from './data-key-ring.js'
import { rememberHeads } from './last-heads.js'

/** The keys that the history is chained with: one makes new MACs, and older ones only check. */
export interface AuditKeys {
  readonly current: () => { readonly id: string; readonly key: Buffer }
  /** Undefined for a key that was deleted. */
  readonly find: (id: string) => Buffer | undefined
  readonly refresh: AuditSealer['refresh']
}

/** Chains the history with keys derived from the data keys. */
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
 * Entries are chained by a hash that needs no key, and each hash has its own MAC (HMAC-SHA-256). If the key of an entry
 * was deleted, the MACs of the later entries and of the chain's head still protect it.
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
    lastHeads: rememberHeads(() => current().id),
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

/** The MAC is included, so it can't be changed in an entry whose key was deleted. */
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

/** The id is included as written, so a different spelling is a different id. */
const macOf = (key: Buffer, id: string, message: string) =>
  createHmac('sha256', key).update(`${id} ${message}`).digest('base64url')

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
