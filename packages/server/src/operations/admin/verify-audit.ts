import type { AuditSealer, ChainedEntry, SealedHead } from '../../store/queries/audit-chain.js'
import { censusSetting } from '../../store/queries/audit-chain.js'
import type { Store } from '../../store/store.js'

/** A fault in a chain of entries. */
export interface AuditFault {
  /** The account of the chain. Null for the server's own chain. */
  readonly account_id: string | null
  /** The position of the first faulty entry. Null if it can't be determined. */
  readonly seq: number | null
  /** The id of that entry. Null if it is missing. */
  readonly id: string | null
  readonly problem: string
}

/** One chain of entries. */
export interface AuditChain {
  /** Null for the server's own chain. */
  readonly account_id: string | null
  /** The positions of the existing entries. Earlier ones have expired. */
  readonly first_seq: number
  readonly last_seq: number
  readonly entries: number
  /** The number of entries from before chains existed, which can't be verified. */
  readonly unchained: number
  /**
   * The hash of the chain's newest state. Keep a copy elsewhere to detect a database that was replaced with an older
   * copy.
   */
  readonly mac: string | null
}

export interface AuditVerification {
  readonly whole: boolean
  readonly faults: readonly AuditFault[]
  readonly chains: readonly AuditChain[]
}

interface Deps {
  readonly store: Store
  readonly auditSealer: AuditSealer
}

const pageRows = 500
/** While a chain is read, its first entries may expire, and its head may be sealed under another key. */
const attempts = 5

/** Verifies every entry of every chain, and the number of chains. Servers may write in the meantime. */
export async function verifyAudit(deps: Deps): Promise<AuditVerification> {
  const { store } = deps
  const unchained = new Map((await store.countUnchained()).map(({ accountId, entries }) => [accountId, entries]))
  const faults: AuditFault[] = await checkCensus(
    deps,
    [...unchained.values()].reduce((sum, entries) => sum + entries, 0),
  )
  const chains: AuditChain[] = []
  for (let after: string | undefined; ; ) {
    const heads = await store.listAuditHeads(after, pageRows)
    for (const head of heads) {
      const { fault, ...read } = await readChain(deps, head)
      chains.push({ account_id: head.account_id, ...read, unchained: unchained.get(head.account_id) ?? 0 })
      unchained.delete(head.account_id)
      if (fault) faults.push({ account_id: head.account_id, ...fault })
    }
    after = heads.at(-1)?.chain
    if (after === undefined) break
  }
  for (const [account_id, entries] of unchained) {
    chains.push({ account_id, first_seq: 0, last_seq: 0, entries: 0, unchained: entries, mac: null })
  }
  const headless = await store.findHeadlessEntry()
  if (headless) faults.push({ ...nameOf(headless), problem: 'The head of the chain of this entry is missing.' })
  return { whole: faults.length === 0, faults, chains }
}

async function checkCensus({ store, auditSealer }: Deps, unchained: number): Promise<AuditFault[]> {
  // a chain rarely begins between the two reads
  for (let attempt = 1; ; attempt++) {
    const heads = await store.countAuditHeads()
    const sealed = await store.findSetting(censusSetting)
    if (sealed === undefined && heads === 0) return []
    const census = sealed === undefined ? undefined : auditSealer.openCensus(sealed)
    if (census?.chains !== heads && attempt < attempts) {
      await auditSealer.refresh(store)
      continue
    }
    const problems: string[] = []
    if (!census) problems.push('The census of the chains was changed or removed.')
    else if (census.chains !== heads) problems.push(`There are ${heads} chains, but there should be ${census.chains}.`)
    if (census && unchained > census.unchained) {
      problems.push(
        `${unchained} entries are outside the chains, but there were ${census.unchained} when the chains began. The others were inserted, or written by a server of an older version.`,
      )
    }
    return problems.map((problem) => ({ account_id: null, seq: null, id: null, problem }))
  }
}

type Fault = Omit<AuditFault, 'account_id'>
type Read = Omit<AuditChain, 'account_id' | 'unchained'> & { readonly fault?: Fault }

async function readChain(deps: Deps, begun: SealedHead): Promise<Read> {
  let head = begun
  for (let attempt = 1; ; attempt++) {
    const read = await walk(deps, head)
    const isFirst = attempt === 1
    if (!read.fault || attempt === attempts) return read
    await deps.auditSealer.refresh(deps.store)
    const now = await deps.store.findAuditHead(head.chain)
    if (!now || (now.mac === head.mac && !isFirst)) return read
    head = now
  }
}

/** Reads the entries, and the head after the last of them: both are written together, so the head can only be newer. */
async function walk({ store, auditSealer }: Deps, head: SealedHead): Promise<Read> {
  const first_seq = head.removed_seq + 1
  const at: Place = { seq: head.removed_seq, link: head.removed_link, forgotten: undefined }
  const done = (fault: Fault | undefined, mac: string): Read => ({
    first_seq,
    last_seq: at.seq,
    entries: at.seq - head.removed_seq,
    mac,
    ...(fault ? { fault } : {}),
  })
  if (auditSealer.checkHead(head) !== 'right') return done(changedHead, head.mac)
  const misplaced = await store.findMisplacedEntry(head.account_id, head.removed_seq)
  if (misplaced) return done({ ...nameOf(misplaced), problem: 'The entry was inserted.' }, head.mac)
  for (let promised = 0; ; ) {
    for (let page = await next(); page.length > 0; page = await next()) {
      for (const entry of page) {
        const fault = step(auditSealer, at, entry)
        if (fault) return done(fault, head.mac)
      }
    }
    const newest = await store.findAuditHead(head.chain)
    if (!newest || auditSealer.checkHead(newest) !== 'right') return done(changedHead, head.mac)
    // entries that were added after the last page was read
    if (newest.seq <= at.seq || at.seq < promised) return done(compareEnd(at, newest), newest.mac)
    promised = newest.seq
  }
  function next(): Promise<ChainedEntry[]> {
    return store.listChainedEntries(head.account_id, at.seq, pageRows)
  }
}

/** How far a chain has been read. */
interface Place {
  seq: number
  link: string
  /** The first entry of the current run of entries whose keys were deleted. */
  forgotten: number | undefined
}

function step(sealer: AuditSealer, at: Place, entry: ChainedEntry): Fault | undefined {
  if (entry.seq > at.seq + 1) return { seq: at.seq + 1, id: null, problem: 'The entry is missing.' }
  if (entry.seq !== at.seq + 1) return { ...nameOf(entry), problem: 'The entry was inserted.' }
  const { checked, link } = sealer.checkEntry(at.link, entry)
  if (checked === 'wrong') return { ...nameOf(entry), problem: `The entry was changed or moved${orBefore(at)}.` }
  at.seq = entry.seq
  at.link = link
  at.forgotten = checked === 'forgotten' ? (at.forgotten ?? entry.seq) : undefined
  return undefined
}

function compareEnd(at: Place, head: SealedHead): Fault | undefined {
  if (head.seq > at.seq) return { seq: at.seq + 1, id: null, problem: 'The entry is missing at the end of the chain.' }
  if (head.seq < at.seq) return { seq: head.seq + 1, id: null, problem: 'The entry was inserted at the end.' }
  if (head.link !== at.link) return { seq: at.seq, id: null, problem: `The entry was changed or moved${orBefore(at)}.` }
  if (head.broken_at === null) return undefined
  return { seq: head.broken_at, id: null, problem: 'The head of the chain was changed before this entry was added.' }
}

const orBefore = ({ forgotten }: Place) =>
  forgotten === undefined ? '' : `, or one from ${forgotten} on, whose key was deleted`

const changedHead: Fault = { seq: null, id: null, problem: 'The head of the chain was changed.' }

const nameOf = ({ account_id, seq, id }: ChainedEntry) => ({ account_id, seq, id })
