import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { WidgetSession } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintEmbedTicket,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from './support/mint.js'
import { openSqlite } from './support/server-parts.js'
import { startServer, type TestServer } from './support/start-server.js'
import { temporaryFolder } from './support/temporary-folder.js'

const flood = 2_000

let server: TestServer
let database: string
let remove: () => Promise<void>
beforeAll(async () => {
  const folder = await temporaryFolder()
  remove = folder.remove
  database = join(folder.path, 'hallpass.db')
  server = await startServer({ config: { databaseUrl: `file:${database}`, masterKey: randomBytes(32) } })
  // the first use of a key on a day is noted, once
  await mintUserToken(server)
})
afterAll(async () => {
  await server.stop()
  await remove()
})

/** Counts by the minute and samples of refusals: bounded, however many calls there are. */
const bounded = ['activity', 'refusals']

/** How many rows every other table has. */
async function rows(): Promise<Record<string, number>> {
  const { db, close } = openSqlite(database)
  try {
    const tables = (await db.introspection.getTables())
      .map(({ name }) => name)
      .filter((name) => !bounded.includes(name))
    const counts = tables.map(async (name) => {
      const query = db.selectFrom(name as 'sessions').select(({ fn }) => fn.countAll<number>().as('count'))
      return [name, Number((await query.executeTakeFirstOrThrow()).count)] as const
    })
    return Object.fromEntries(await Promise.all(counts))
  } finally {
    await close()
  }
}

const boundedBytes = 256 * 1024

const size = () => statSync(database).size

/** Not a row was added; the file may hold a few more pages for what is bounded. */
async function expectNoGrowth(rowsBefore: Record<string, number>, sizeBefore: number): Promise<void> {
  expect(await rows()).toEqual(rowsBefore)
  expect(size() - sizeBefore).toBeLessThanOrEqual(boundedBytes)
}

async function inParallel(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += 20) await Promise.all(Array.from({ length: 20 }, work))
}

describe('a flood of mints', () => {
  test.each([
    ['guest sessions', () => mintGuest(server)],
    ['visitor tokens', () => mintUserToken(server)],
    ['bridge tokens', () => mintBridgeToken(server)],
    ['embed tickets', () => mintEmbedTicket(server)],
  ])(`${flood} %s do not grow the database`, async (_, mint) => {
    const [rowsBefore, sizeBefore] = [await rows(), size()]
    expect(rowsBefore.sessions).toBeTypeOf('number')
    await inParallel(flood, mint)
    await expectNoGrowth(rowsBefore, sizeBefore)
  })

  test(`${flood} refused mints do not grow it either`, async () => {
    const [rowsBefore, sizeBefore] = [await rows(), size()]
    await inParallel(flood / 4, () => server.postFromShop(paths.guest, { client_key: 'pk_test_nobody' }))
    await inParallel(flood / 4, () => server.postFromShop(paths.exchange, { token: 'no token' }))
    await inParallel(flood / 4, () => refresh(server, 'hprt_nothing'))
    await inParallel(flood / 4, () => introspect(server, 'no token'))
    await expectNoGrowth(rowsBefore, sizeBefore)
  })

  test('a session gets its row with its first rotation, and one is enough', async () => {
    const before = await rows()
    let { refresh_token } = await mintGuest(server)
    expect(await rows()).toEqual(before)
    for (let turn = 0; turn < 5; turn++) {
      refresh_token = (await bodyOf<WidgetSession>(await refresh(server, refresh_token))).refresh_token
    }
    expect(await rows()).toEqual({ ...before, sessions: (before.sessions ?? 0) + 1 })
  })

  test('a visitor token gets its row when it is spent', async () => {
    const before = await rows()
    const token = await mintUserToken(server, { user_id: 'flood' })
    expect(await rows()).toEqual(before)
    await bodyOf(await server.postFromShop(paths.exchange, { token }))
    expect(await rows()).toEqual({ ...before, token_states: (before.token_states ?? 0) + 1 })
  })
})
