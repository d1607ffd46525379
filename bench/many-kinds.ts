import { maxKinds } from '@hallpass/contracts'
import type { Request } from 'autocannon'
import { wrapped } from '../scripts/wrapped.js'
import { bridgeMint, cases, declaredMint, mintDeclared } from './cases.js'
import { acme, benchFixture } from './fixture.js'
import type { Goal, Section } from './goals.js'
import { type Flow, measure } from './measure.js'
import { memoryOf, type Running, startHallpass } from './subjects.js'

/**
 * Calls in a round. With fewer, a round took 40 to 150 ms, and showed mostly whether a collection of garbage fell into
 * it.
 */
const amounts = { mint: 4_000, feed: 12_000 } as const
/** Other work on the machine can only make a call look slower, so the cheapest round counts. */
const rounds = 4

/** Another tenant, with as many kinds as an account can have, each with a large schema. */
const tenant = { id: '3c1f0e2d-8a47-4b6e-9d15-77c2a4b8e910', key: 'sk_test_many' } as const
const names = Array.from({ length: maxKinds }, (_, index) => `kind-${index}`)
const properties = Object.fromEntries(
  Array.from({ length: 90 }, (_, index) => [`property-with-a-long-name-${index}`, { type: 'string', maxLength: 64 }]),
)
const kinds = names.map((name) => ({
  name,
  form: 'jwt',
  ttl_seconds: { default: 600, max: 3600 },
  actions: ['view'],
  claims: { type: 'object', properties, additionalProperties: false },
}))
const { id, key: secret } = tenant
const many = {
  ...{ id, name: 'Many', tenant: '9_9', environment: 'sandbox', parent_id: null, kinds },
  rate_limit: { requests_per_second: 0 },
  api_keys: [{ name: 'backend', secret, scopes: ['*'] }],
}
const fixture = { accounts: [...benchFixture.accounts, many] }

const mintKind = (name: string) =>
  mintDeclared({ kind: name, subject: 'user_42', claims: {} }, { Authorization: `Bearer ${secret}` })
const oneKind: Flow = () => [mintKind('kind-0')]
let turn = 0
/** Each call uses another kind. */
const everyKind: Flow = () => [
  {
    ...mintKind('kind-0'),
    setupRequest: (made: Request) => ({ ...made, ...mintKind(names[turn++ % maxKinds] ?? '') }),
  },
]
const feed: Flow = () => [{ method: 'GET', path: `/.well-known/revocations/${acme.account}` }]

/** What an account with as many kinds as possible costs the others, and itself. */
export async function manyKinds(): Promise<Section> {
  const found: string[][] = []
  const goals: Goal[] = []
  const starts: string[] = []
  for (const kind of ['sqlite', 'postgres'] as const) {
    const name = kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
    const alone = await startHallpass(kind)
    const beside = await startHallpass(kind, { fixture, fill: async () => {} })
    starts.push(`${name}: ready after ${ms(alone)} ms of CPU time without and ${ms(beside)} ms with them`)
    const flows = [bridgeMint, declaredMint].map((one) => [one, flowOf(one, kind), amounts.mint] as const)
    for (const [work, flow, amount] of [...flows, ['feed of the account', feed, amounts.feed] as const]) {
      // the other tenant uses all of its kinds between two rounds, so that they are in the caches
      const between = async () => cost(beside, everyKind, maxKinds)
      const costs = await cheapest([() => cost(alone, flow, amount), () => cost(beside, flow, amount)], between)
      found.push([`${work}, another account`, name, ...costs.map((one) => one.toFixed(0)), ratioOf(costs).toFixed(2)])
      goals.push({ name: `${work}, ${name}, beside ${maxKinds} kinds`, atMost: 1.1, measured: ratioOf(costs) })
    }
    const own = await cheapest([oneKind, everyKind].map((flow) => () => cost(beside, flow, amounts.mint)))
    found.push([
      'mint a kind of its own: one of them, all in turn',
      name,
      ...own.map((one) => one.toFixed(0)),
      ratioOf(own).toFixed(2),
    ])
    starts.push(`it takes ${memoryOf(alone)} and ${memoryOf(beside)} MiB after the load`)
    await Promise.all([alone.stop(), beside.stop()])
  }
  const lines = [
    `## An account with ${maxKinds} kinds of tokens`,
    '',
    `| beside ${maxKinds} kinds | database | CPU µs without | CPU µs with | ratio |`,
    '| --- | --- | --- | --- | --- |',
    ...found.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    wrapped(`${starts.join('; ')}. Each kind has a schema of ${JSON.stringify(properties).length} bytes.`),
  ]
  return { lines, goals }
}

const ms = ({ readyCpu }: Running) => readyCpu.toFixed(0)
const ratioOf = ([one = 0, other = 0]: readonly number[]) => other / one
const cost = async (server: Running, flow: Flow, amount: number) =>
  (await measure(server, flow, { seconds: 0, amount })).cpuMicroseconds

function flowOf(name: string, kind: 'sqlite' | 'postgres'): Flow {
  const work = cases.find((one) => one.name === name)?.on[`hallpass-${kind}`]
  if (typeof work !== 'function') throw new Error(`${name} uses up what was prepared`)
  return work
}

/** Rounds in turn, so that what disturbs the machine disturbs all of them. The first one compiles the code. */
async function cheapest(
  all: readonly (() => Promise<number>)[],
  between: () => Promise<unknown> = async () => {},
): Promise<number[]> {
  const least = all.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round <= rounds; round++) {
    await between()
    for (const [i, run] of all.entries()) {
      const value = await run()
      if (round > 0) least[i] = Math.min(least[i] ?? value, value)
    }
  }
  return least
}
