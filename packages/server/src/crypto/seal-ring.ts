import type { Clock } from '../clock.js'
import { deriveKey, type LookupKeys } from './derive-keys.js'
import { type DataKey, type RingState, ringOfOneKey } from './ring-state.js'
import { open, seal, sealNonceBytes, shortNonceBytes } from './seal.js'

/** The setting that holds the data keys, sealed under the master key. */
export const dataKeySetting = 'data_key'

const spelling = /^v1\.(0|[1-9]\d{0,8})\.([\w-]+)$/

/**
 * The data keys as the database stores them: `v1.<generation>.<sealed>`. One row holds them all, so each change is one
 * conditional write, and a new master key only needs to seal this one row again.
 */
export function sealRing(masterKey: Buffer, state: RingState, clock: Pick<Clock, 'random'>): string {
  const { generation, root, lookup, protectsRows, keys } = state
  const written: Written = {
    root: write(root),
    lookup: mapLookup(lookup, write),
    protects_rows: protectsRows,
    keys: keys.map(({ id, key, createdAt }) => ({ id, key: write(key), created_at: createdAt })),
  }
  const nonce = clock.random(sealNonceBytes)
  const sealed = seal(wrapKeyOf(masterKey), nonce, JSON.stringify(written), contextOf(generation))
  return `v1.${generation}.${sealed}`
}

/** The data keys. Undefined if this isn't the master key that they were sealed under. */
export function openRing(masterKey: Buffer, sealed: string): RingState | undefined {
  const [, generation, text = ''] = spelling.exec(sealed) ?? []
  if (generation === undefined) return openOneKey(masterKey, sealed)
  const opened = open(wrapKeyOf(masterKey), text, contextOf(Number(generation)))
  if (opened === undefined) return undefined
  // only sealRing writes something that opens
  const written = JSON.parse(opened) as Written
  const [newest, ...old] = written.keys.map(({ id, key, created_at }) => ({
    id,
    key: read(key),
    createdAt: created_at,
  }))
  if (!newest) return undefined
  return {
    generation: Number(generation),
    root: read(written.root),
    lookup: mapLookup(written.lookup, read),
    protectsRows: written.protects_rows,
    keys: [newest, ...old] satisfies [DataKey, ...DataKey[]],
  }
}

/** The generation of sealed data keys, which can be read without the master key. */
export const generationOf = (sealed: string): number => Number(spelling.exec(sealed)?.[1] ?? 0)

interface Written {
  readonly root: string
  readonly lookup: Record<keyof LookupKeys, string>
  readonly protects_rows: boolean
  readonly keys: readonly { readonly id: number; readonly key: string; readonly created_at: number }[]
}

/** The format of older databases: a single data key. */
function openOneKey(masterKey: Buffer, sealed: string): RingState | undefined {
  const wrapKey = deriveKey(masterKey, 'wrap-data-key')
  const opened = open(wrapKey, sealed, 'data-key', shortNonceBytes)
  return opened === undefined ? undefined : ringOfOneKey(read(opened))
}

function mapLookup<From, To>(
  lookup: Record<keyof LookupKeys, From>,
  change: (value: From) => To,
): Record<keyof LookupKeys, To> {
  return {
    apiKeyHash: change(lookup.apiKeyHash),
    cardTokenHash: change(lookup.cardTokenHash),
    idempotencyHash: change(lookup.idempotencyHash),
    visitorId: change(lookup.visitorId),
    requestIdHash: change(lookup.requestIdHash),
  }
}

const write = (key: Buffer): string => key.toString('base64url')
const read = (written: string): Buffer => Buffer.from(written, 'base64url')
const contextOf = (generation: number) => `data-key-ring ${generation}`
const wrapKeyOf = (masterKey: Buffer) => deriveKey(masterKey, 'wrap-data-key-ring')
