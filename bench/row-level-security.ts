/*
 * Measures the cost of row-level security: the same statements by a user it applies to and by one it doesn't, in the
 * same run.
 */
import { randomUUID } from 'node:crypto'
import { startPostgres } from '../tests/support/postgres.js'
import { createStore, migrate, openPostgres, type Store } from '../tests/system/support/servers/server-parts.js'

const calls = 4_000
const atOnce = 10
const rounds = 7

const postgres = await startPostgres({ durable: true })
const url = await postgres.createDatabase()
const [held, unheld] = [url, Object.assign(new URL(postgres.adminUrl), { pathname: new URL(url).pathname }).href].map(
  (address) => openPostgres(address, atOnce),
)
if (!held || !unheld) throw new Error('There are exactly two roles.')
await migrate(held.db)

const token = () => ({ accountId: 'account-1', kind: 'visitor', jti: randomUUID() }) as const
const statements: Record<string, (store: Store) => Promise<unknown>> = {
  read: (store) => store.isTokenFinal(token()),
  spend: (store) => store.consumeOrRevokeToken(token(), 'spent', { now: Date.now(), expiresAt: Date.now() + 60_000 }),
}

/** Statements per second. */
async function measure(store: Store, run: (store: Store) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  let left = calls
  const work = async () => {
    while (left-- > 0) await run(store)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return calls / ((performance.now() - began) / 1000)
}

const median = (numbers: number[]) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0

const stores = { held: createStore(held.db), unheld: createStore(unheld.db) }
for (const [name, run] of Object.entries(statements)) {
  const rates = { held: [] as number[], unheld: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? (['held', 'unheld'] as const) : (['unheld', 'held'] as const)
    for (const which of order) {
      const rate = await measure(stores[which], run)
      // the first round opens connections and prepares statements
      if (round > 0) rates[which].push(rate)
    }
  }
  const ratio = median(rates.held.map((rate, round) => rate / (rates.unheld[round] ?? rate)))
  const [ownRate, otherRate] = [median(rates.held), median(rates.unheld)].map(Math.round)
  process.stdout.write(
    `${name}: with row-level security ${ownRate}/s, without ${otherRate}/s, ratio ${ratio.toFixed(2)}\n`,
  )
}
await held.close()
await unheld.close()
await postgres.remove()
