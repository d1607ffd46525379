import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RevocationCursor, RevocationSource } from '../store/queries/revocations.js'
import type { Store } from '../store/store.js'
import {
  type AccountRevocations,
  addRevocation,
  collapse,
  createAccountRevocations,
  prune,
  removeUnseenClientKeys,
  sizeOf,
} from './account-revocations.js'
import { lifetimeOfSource } from './feed-window.js'

/** What a feed has read so far. */
export interface Reading {
  /** The account of the feed. Undefined for the feed of all accounts. */
  readonly accountId: string | undefined
  /** The size of its names at which it is full, in bytes. */
  readonly mostBytes: number
  readonly accounts: Map<string, AccountRevocations>
  /** When the last reading and the last thorough reading began. Undefined before the first. */
  last: { readonly at: number; readonly thoroughAt: number; readonly number: number } | undefined
}

interface Deps {
  readonly store: Pick<Store, 'listRevocations'>
}

/** Cutoffs come first, because what they cover is dropped. */
const sources = [
  'cut_offs',
  'client_keys',
  'sessions',
  'tokens',
  'declared_tokens',
] as const satisfies readonly RevocationSource[]
/** A page takes about a millisecond. Other requests run between two pages. */
const pageRows = 500
/** A transaction commits within this time after the revocation's timestamp, with rare exceptions. */
const overlapMilliseconds = 5_000
/**
 * A thorough reading goes back this far to find the exceptions: a slow transaction, or a replica whose clock was
 * behind.
 */
const thoroughMilliseconds = 5_000
const thoroughOverlapMilliseconds = 90_000
/** The size at which a feed is full. A larger account is named by one cutoff, whatever its servers wrote. */
const fullBytes = { account: 3_400_000, all: 5_500_000 } as const

export const beginReading = (
  accountId?: string,
  mostBytes: number = accountId === undefined ? fullBytes.all : fullBytes.account,
): Reading => ({ accountId, mostBytes, accounts: new Map(), last: undefined })

/** Reads what was revoked since the last reading, and drops what has expired. */
export async function continueReading({ store }: Deps, reading: Reading, now: number): Promise<void> {
  // if the clock went back, the time since the last reading is unknown
  if (reading.last && now < reading.last.at) restart(reading)
  const { last } = reading
  const isThorough = !last || now - last.thoroughAt >= thoroughMilliseconds
  const number = (last?.number ?? 0) + 1
  const since = !last ? 0 : isThorough ? last.thoroughAt - thoroughOverlapMilliseconds : last.at - overlapMilliseconds
  for (const source of sources) {
    const windowBegan = now - lifetimeOfSource[source]
    // a client key may have been enabled again, so all of them are read each time
    const from = source === 'client_keys' ? windowBegan : Math.max(windowBegan, since)
    await readSource({ store }, reading, { source, from, now, number })
  }
  for (const [id, account] of reading.accounts) {
    removeUnseenClientKeys(account, number)
    prune(account, now)
    if (reading.accountId === undefined && sizeOf(account) === 0) reading.accounts.delete(id)
  }
  reading.last = { at: now, thoroughAt: isThorough ? now : last.thoroughAt, number }
}

function restart(reading: Reading): void {
  reading.accounts.clear()
  reading.last = undefined
}

async function readSource(
  { store }: Deps,
  reading: Reading,
  { source, from, now, number }: { source: RevocationSource; from: number; now: number; number: number },
): Promise<void> {
  let after: RevocationCursor = { at: from }
  for (;;) {
    const rows = await store.listRevocations(source, { accountId: reading.accountId, after, limit: pageRows })
    for (const row of rows) addRevocation(accountIn(reading, row.account_id), source, row, number)
    const last = rows.at(-1)
    if (!last || rows.length < pageRows) break
    // concurrent revocations are left to the next reading, because this one could never catch up with a flood
    if (last.at > now && source !== 'client_keys') break
    after = last
    keepWithinBounds(reading)
    await nextTurn()
  }
  keepWithinBounds(reading)
}

function accountIn({ accounts }: Reading, id: string): AccountRevocations {
  const known = accounts.get(id)
  if (known) return known
  const added = createAccountRevocations(id)
  accounts.set(id, added)
  return added
}

/** Replaces the names of the largest accounts first, with one cutoff for each account. */
function keepWithinBounds({ accounts, mostBytes }: Reading): void {
  let total = [...accounts.values()].reduce((bytes, account) => bytes + sizeOf(account), 0)
  const bySize = [...accounts.values()].toSorted((one, other) => sizeOf(other) - sizeOf(one))
  for (const account of bySize) {
    if (total <= mostBytes) return
    total -= sizeOf(account)
    collapse(account)
    total += sizeOf(account)
  }
}
