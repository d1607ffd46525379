import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RevocationCursor, RevocationSource } from '../store/queries/revocations.js'
import type { Store } from '../store/store.js'
import {
  type AccountRevocations,
  addRevocation,
  collapse,
  createAccountRevocations,
  cutoffBytes,
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
  /** The size of all names in bytes. */
  bytes: number
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
/** As many accounts take about a millisecond too. */
const turnAccounts = 1_000
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
/** A full feed is emptied a little further, so that it isn't full again after the next page. */
const emptiedPart = 0.9

export const beginReading = (
  accountId?: string,
  mostBytes: number = accountId === undefined ? fullBytes.all : fullBytes.account,
): Reading => ({ accountId, mostBytes, accounts: new Map(), bytes: 0, last: undefined })

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
    const changedSince = source === 'client_keys' ? windowBegan : since
    const from = Math.max(windowBegan, changedSince, coveredUpTo(reading))
    await readSource({ store }, reading, { source, from, now, number })
  }
  await pruneAll(reading, now, number)
  reading.last = { at: now, thoroughAt: isThorough ? now : last.thoroughAt, number }
}

/**
 * What was revoked up to this time began before a cutoff of the account, unless a clock was wrong. A server writes one
 * after 50,000 names, so a feed reads few rows, however many there are.
 */
function coveredUpTo({ accountId, accounts }: Reading): number {
  const account = accountId === undefined ? undefined : accounts.get(accountId)
  return (account?.endedUpTo ?? 0) - thoroughOverlapMilliseconds
}

/** Other requests run between two parts, because there may be 100,000 accounts. */
async function pruneAll(reading: Reading, now: number, number: number): Promise<void> {
  let seen = 0
  for (const [id, account] of reading.accounts) {
    const before = sizeOf(account)
    removeUnseenClientKeys(account, number)
    prune(account, now)
    const after = sizeOf(account)
    reading.bytes += after - before
    if (reading.accountId === undefined && after === 0) reading.accounts.delete(id)
    if (++seen % turnAccounts === 0) await nextTurn()
  }
}

function restart(reading: Reading): void {
  reading.accounts.clear()
  reading.bytes = 0
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
    for (const row of rows) {
      const account = accountIn(reading, row.account_id)
      const before = sizeOf(account)
      addRevocation(account, source, row, number)
      reading.bytes += sizeOf(account) - before
    }
    keepWithinBounds(reading)
    const last = rows.at(-1)
    if (!last || rows.length < pageRows) break
    // concurrent revocations are left to the next reading, because this one could never catch up with a flood
    if (last.at > now && source !== 'client_keys') break
    after = last
    await nextTurn()
  }
}

function accountIn({ accounts }: Reading, id: string): AccountRevocations {
  const known = accounts.get(id)
  if (known) return known
  const added = createAccountRevocations(id)
  accounts.set(id, added)
  return added
}

/** Replaces the names of the largest accounts first, with one cutoff for each account. */
function keepWithinBounds(reading: Reading): void {
  const { accounts, mostBytes } = reading
  if (reading.bytes <= mostBytes) return
  const sized = [...accounts.values()].map((account) => ({ account, bytes: sizeOf(account) }))
  for (const { account, bytes } of sized.toSorted((one, other) => other.bytes - one.bytes)) {
    // a cutoff would be no smaller than what is left
    if (reading.bytes <= mostBytes * emptiedPart || bytes <= cutoffBytes) return
    collapse(account)
    reading.bytes += sizeOf(account) - bytes
  }
}
