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
  /** The feed's account; undefined for the feed of all. */
  readonly accountId: string | undefined
  /** Bytes of the names that fill it. */
  readonly mostBytes: number
  readonly accounts: Map<string, AccountRevocations>
  /** When the last reading began, and the last thorough one; undefined before the first. */
  last: { readonly at: number; readonly thoroughAt: number; readonly number: number } | undefined
}

interface Deps {
  readonly store: Pick<Store, 'listRevocations'>
}

/** Cutoffs first: what they cover is not kept. */
const sources = ['cut_offs', 'client_keys', 'sessions', 'tokens'] as const satisfies readonly RevocationSource[]
/** A page takes about a millisecond; other requests have their turn between two. */
const pageRows = 500
/** A transaction commits this long after its revocation's time, hardly ever later. */
const overlapMilliseconds = 5_000
/** One that was held up, or whose replica's clock was behind, is found by a thorough reading. */
const thoroughMilliseconds = 5_000
const thoroughOverlapMilliseconds = 90_000
/** Names that fill a feed: an account beyond this is named by one cutoff, whatever its servers wrote. */
const fullBytes = { account: 3_400_000, all: 5_500_000 } as const

export const beginReading = (
  accountId?: string,
  mostBytes: number = accountId === undefined ? fullBytes.all : fullBytes.account,
): Reading => ({ accountId, mostBytes, accounts: new Map(), last: undefined })

/** Reads what was revoked since the last reading, and forgets what is over. */
export async function continueReading({ store }: Deps, reading: Reading, now: number): Promise<void> {
  // a clock that went back says nothing about how long ago the last reading was
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
    // what is revoked meanwhile is for the next reading: this one would never catch up with a flood
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

/** The largest accounts pay first, each by a cutoff of its own. */
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
