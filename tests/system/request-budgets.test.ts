import { Fixture } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { budgetedRoutes, isProcedure, registeredRoutes, titleOf } from './support/http/budgeted-routes.js'
import { longestOf, type Place } from './support/http/hostile-parts.js'
import { LeastCost, measureYardstick } from './support/http/measure-cost.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

/**
 * The allowed cost of a request depends on where its bytes are: a multiple of the normal request of its route, plus a
 * multiple of the time that this machine needs to read 65,000 bytes of JSON. Both are CPU time, and the minimum of
 * several measurements counts.
 */
const cpuBudget: Record<Place, { readonly normal: number; readonly yardsticks: number }> = {
  path: { normal: 4, yardsticks: 1 },
  query: { normal: 4, yardsticks: 1 },
  headers: { normal: 4, yardsticks: 1 },
  cookies: { normal: 4, yardsticks: 1 },
  body: { normal: 4, yardsticks: 6 },
}
/** Twice the bytes may cost this many times as much. Quadratic growth would cost four times as much. */
const growth = 3
/** Bytes that may be allocated beyond the normal request, by client and server together. */
const memoryBudget = { fixed: 1_500_000, perByteSent: 64 }
const measurements = 24
/**
 * A procedure parses the same input as the route of its operation. `npm run test:chaos` measures every procedure, and
 * `npm test` those that get every part.
 */
const measured =
  process.env.HALLPASS_BUDGETED_ROUTES === 'all'
    ? budgetedRoutes
    : budgetedRoutes.filter((route) => !isProcedure(route))

/** The limits are too high to be reached, but calls are counted. */
const limitedFixture = Fixture.parse({
  accounts: parityFixture.accounts.map((account) => ({
    ...account,
    rate_limit: { requests_per_second: 100_000 },
    client_keys: account.client_keys.map((key) => ({ ...key, rate_limit: { guest_per_minute: 100_000 } })),
  })),
})

let server: TestServer
let routes: readonly string[]
let yardstick: number
beforeAll(async () => {
  // one trusted hop, so that X-Forwarded-For is read
  const start = () => startServer({ fixture: limitedFixture, config: { trustProxy: 1 } })
  const registered = await registeredRoutes(start)
  server = registered.started
  routes = registered.routes
  yardstick = measureYardstick()
})
afterAll(() => server.stop())

test('every route of the server has a budget', () => {
  const budgeted = new Set(budgetedRoutes.map(({ route }) => route))
  expect(routes.filter((route) => !budgeted.has(route))).toEqual([])
  expect([...budgeted].filter((route) => !routes.includes(route))).toEqual([])
})

describe.each(measured.map((route) => [titleOf(route), route] as const))('%s', (_title, route) => {
  test('costs no more than its budget, wherever the bytes are', async () => {
    const request = await route.normal(server)
    const normal = await new LeastCost(server.url, request).measure(2)
    for (const { name, place, apply } of route.parts) {
      const whole = apply(request, longestOf(place))
      const half = apply(request, longestOf(place) / 2)
      if (!whole || !half) continue
      const excess = await excessOf(place, normal, {
        whole: new LeastCost(server.url, whole),
        half: new LeastCost(server.url, half),
      })
      expect(excess, `${place}: ${name}`).toBeUndefined()
    }
  })
})

test('X-Forwarded-For costs no more than its budget behind a list of networks', async () => {
  const networks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '2001:db8::/32', 'fe80::/10', 'fc00::/7']
  const behind = await startServer({ fixture: parityFixture, config: { trustProxy: ['127.0.0.1', ...networks] } })
  const cost = (proxies: number) => {
    const headers = [['X-Forwarded-For', Array(proxies).fill('fc00::1').join(',')]] as const
    return new LeastCost(behind.url, { method: 'GET', target: '/api/v1/widget/config', headers })
  }
  const normal = await cost(1).measure(3)
  expect(await excessOf('headers', normal, { whole: cost(1_800), half: cost(900) })).toBeUndefined()
  await behind.stop()
})

/** Measures until the costs are within their budgets, and fails if they aren't after many measurements. */
async function excessOf(place: Place, normal: LeastCost, { whole, half }: { whole: LeastCost; half: LeastCost }) {
  let excess: string | undefined
  for (let i = 0; i < measurements; i++) {
    await whole.measure()
    const over = overBudget(place, normal, whole)
    if (over === undefined && whole.cpu <= 3 * normal.cpu) return undefined
    await half.measure()
    excess = over ?? growsTooFast({ whole, half })
    if (excess === undefined) return undefined
    await normal.measure()
    // other load makes this machine slower for a while; often the next measurement is low enough, though
    if (over !== undefined && i > 1) yardstick = Math.max(yardstick, measureYardstick())
  }
  return excess
}

function overBudget(place: Place, normal: LeastCost, whole: LeastCost): string | undefined {
  const budget = cpuBudget[place]
  const cpu = budget.normal * normal.cpu + budget.yardsticks * yardstick
  if (whole.cpu > cpu) return `${whole.cpu} ms of CPU for ${whole.bytes} bytes; at most ${cpu.toFixed(1)} ms`
  const memory = normal.memory + memoryBudget.fixed + memoryBudget.perByteSent * whole.bytes
  if (whole.memory > memory) return `${whole.memory} bytes of memory for ${whole.bytes} bytes; at most ${memory}`
  return undefined
}

function growsTooFast({ whole, half }: { whole: LeastCost; half: LeastCost }): string | undefined {
  if (whole.cpu <= growth * half.cpu) return undefined
  return `${half.cpu} ms of CPU for ${half.bytes} bytes, ${whole.cpu} ms for ${whole.bytes}: faster than the bytes grow`
}
