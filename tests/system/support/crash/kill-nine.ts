import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { startProcess } from '../servers/built-binary.js'
import { temporaryFolder } from '../servers/temporary-folder.js'
import { type Api, apiAt, crashOperations, type Fact, type Ledger, type OpenQuestion } from './crash-ledger.js'

const workers = 12
/** A crash can't hold an idempotency key longer than this, plus a second for the request. */
const leaseMilliseconds = 30_000
const marginMilliseconds = 1_000

/** The time limit of a start on an idle machine. */
export const startMilliseconds = 2_000

/** The result of a series of crashes. */
export interface CrashReport {
  /** How long each start after a crash took until the server was ready, in milliseconds, the slowest last. */
  readonly starts: readonly number[]
  readonly facts: number
  /** Calls that got no response. */
  readonly pending: number
}

/**
 * Kills a server under mixed load repeatedly, and checks all that it had acknowledged. Throws at the first violation.
 * `afterLease` says how the leases of the last crash end: by waiting, or by a start with a later clock. A slow machine is
 * killed later, so that there are at least `leastFacts` in the end.
 */
export async function crashUnderLoad(
  rounds: number,
  afterLease: 'wait' | 'start later',
  { leastFacts = 0 }: { readonly leastFacts?: number } = {},
): Promise<CrashReport> {
  const folder = await temporaryFolder()
  const masterKey = randomBytes(32)
  const ledger: Ledger = { facts: [], open: [] }
  const starts: number[] = []
  let pending = 0
  /** How many facts to check after the crash that followed them. At the end, all of them are checked once more. */
  let verified = 0
  try {
    for (let round = 0; round <= rounds; round++) {
      const server = await startProcess(folder.path, masterKey)
      const api = apiAt(() => server.url)
      try {
        // the first start creates the database; only starts after a crash must be fast
        if (round > 0) starts.push(server.readyMilliseconds)
        await settle(ledger, api)
        await verify(ledger.facts.slice(verified), api)
        verified = ledger.facts.length
        if (round < rounds) {
          const load = runLoad(api, ledger)
          await delay(50 + Math.random() * 700)
          while (ledger.facts.length < (leastFacts * (round + 1)) / rounds) await delay(10)
          await server.killNine()
          await load
          pending += ledger.open.length
        } else if (afterLease === 'wait') await settleAll(ledger, api)
      } finally {
        await server.killNine()
      }
    }
    if (afterLease === 'start later') await settleLater(ledger, folder.path, masterKey)
    return { starts: starts.toSorted((one, two) => one - two), facts: ledger.facts.length, pending }
  } finally {
    await folder.remove()
  }
}

/** Runs many concurrent series of operations until the server dies. */
async function runLoad(api: Api, ledger: Ledger): Promise<void> {
  const work = async (worker: number) => {
    for (let turn = worker; ; turn++) {
      const before = ledger.open.length
      await crashOperations[turn % crashOperations.length]?.(api, ledger)
      if (ledger.open.length > before && !(await isAlive(api))) return
      if (turn % 5 === 0 && !(await isAlive(api))) return
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
}

const isAlive = async (api: Api) => (await api.asAcme('/oauth2/introspect', { token: 'x' })) !== undefined

/** Retries calls that got no response. Those whose key the crashed call still holds stay open, for at most 30 s. */
async function settle(ledger: Ledger, api: Api): Promise<void> {
  const still: OpenQuestion[] = []
  for (const question of ledger.open) {
    const facts = await question.settle(api)
    if (facts) ledger.facts.push(...facts)
    else if (Date.now() - question.askedAt < leaseMilliseconds + marginMilliseconds) still.push(question)
    else throw new Error(`${question.what}: still running ${leaseMilliseconds} ms after the crash`)
  }
  ledger.open.splice(0, ledger.open.length, ...still)
}

async function settleAll(ledger: Ledger, api: Api): Promise<void> {
  while (ledger.open.length > 0) {
    await delay(500)
    await settle(ledger, api)
  }
  await verify(ledger.facts, api)
}

/** Starts the server with a clock so late that every lease of a crashed process has ended. */
async function settleLater(ledger: Ledger, folder: string, masterKey: Buffer): Promise<void> {
  const server = await startProcess(folder, masterKey, leaseMilliseconds + marginMilliseconds)
  const api = apiAt(() => server.url)
  try {
    await settle(ledger, api)
    expect(ledger.open, 'calls still running after their lease').toEqual([])
    await verify(ledger.facts, api)
  } finally {
    await server.killNine()
  }
}

async function verify(facts: readonly Fact[], api: Api): Promise<void> {
  const breaches = new Map<string, number>()
  for (const { what, holds } of facts) {
    if (!(await holds(api))) breaches.set(what, (breaches.get(what) ?? 0) + 1)
  }
  expect(Object.fromEntries(breaches)).toEqual({})
}
