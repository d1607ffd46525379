import { expect, onTestFinished, test } from 'vitest'
import { query } from '../support/postgres.js'
import { expectBelow } from '../system/support/time/slowness.js'
import { startFleet } from './support/fleet.js'
import { report } from './support/numbers.js'

const processes = 20
const readyMilliseconds = 15_000

test(`${processes} processes start at once on an empty database: one migration, one signing key`, async () => {
  const fleet = await startFleet({ database: 'postgres', replicas: 0 })
  onTestFinished(fleet.remove)
  const started = await Promise.all(Array.from({ length: processes }, () => fleet.start()))
  const ready = await Promise.all(started.map(({ url }) => fetch(`${url}/health/ready`)))
  expect(ready.map(({ status }) => status)).toEqual(Array(processes).fill(200))
  const sets = await Promise.all(started.map(async ({ url }) => (await fetch(`${url}/.well-known/jwks.json`)).text()))
  expect(new Set(sets).size).toBe(1)
  expect(JSON.parse(sets[0] ?? '').keys).toHaveLength(1)
  const runs = await query<{ name: string }>(fleet.databaseUrl, 'select name from kysely_migration')
  expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length)
  const slowest = Math.max(...started.map((server) => server.readyMilliseconds))
  report(`${processes} simultaneous starts`, { slowest: Math.round(slowest) })
  expectBelow(slowest, readyMilliseconds)
})
