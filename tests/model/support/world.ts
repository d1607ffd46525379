import { randomBytes } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { query } from '../../support/postgres.js'
import { child } from '../../system/support/fixtures/fixture.js'
import { hostKey } from '../../system/support/fixtures/host-key.js'
import { type AssembledServer, assembleServer } from '../../system/support/servers/assembled-server.js'
import { bearer, testClock } from '../../system/support/servers/in-process-server.js'
import { createMigratedDatabase, type Store } from '../../system/support/servers/server-parts.js'
import { temporaryFolder } from '../../system/support/servers/temporary-folder.js'

/** A server that can be stopped, and whose database can be put back in time. */
export interface World {
  /** The running server. Another one after each restart. */
  readonly server: () => AssembledServer
  readonly restart: () => Promise<void>
  readonly backUp: () => Promise<void>
  /** Everything issued up to now is over. On PostgreSQL, so is what is issued in the next 30 seconds. */
  readonly restore: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** On PostgreSQL, `hallpass restore` marks a time in the future, because the clocks of replicas may differ by this. */
const skewMilliseconds = 30_000

interface WorldOptions {
  readonly database: 'sqlite' | 'postgres'
  /** Without this, a SQLite database is in memory, and the server can't be restarted. */
  readonly isRestartable?: boolean
  /** Puts a mistake between the server and its store. */
  readonly plant?: (store: Store, now: () => number) => Store
}

export async function openWorld({ database, isRestartable, plant = (store) => store }: WorldOptions): Promise<World> {
  const clock = testClock()
  const folder = await temporaryFolder()
  const masterKey = randomBytes(32)
  const isPostgres = database === 'postgres'
  const file = join(folder.path, 'x.db')
  const url = isPostgres ? await createMigratedDatabase() : isRestartable ? `file:${file}` : ':memory:'
  const copies = isPostgres ? databaseCopies(url) : fileCopies(file)
  const wrap = (store: Store) => plant(store, clock.now)
  // however busy the machine is, no call of a replay meets its deadline
  const time = { elapsed: () => 0, startTimer: () => {} }
  const start = () => assembleServer({ clock, database: { url, masterKey }, wrap, time })
  let server = await start()
  await prepareAccount(server)
  const whileStopped = async (work: () => Promise<void>) => {
    await server.stop()
    await work()
    server = await start()
  }
  return {
    server: () => server,
    restart: () => whileStopped(async () => {}),
    backUp: () => whileStopped(copies.keep),
    async restore() {
      await whileStopped(copies.putBack)
      // as the command does, which has no clock that a test could set
      await server.store.markRestored(clock.now() + (isPostgres ? skewMilliseconds : 0))
    },
    async stop() {
      await server.stop()
      await copies.remove()
      await folder.remove()
    },
  }
}

/** A card of the account of the traces. */
export const card = '5b6c7d8e-9f0a-4b1c-8d2e-3f4a5b6c7d8e'
export const cardThat = (status: 'ACTIVE' | 'SUSPENDED') => ({ id: card, customer_id: child.customer, status })

/** What the account of the traces needs: the card, and a key besides the one of a trace, because the last one can't be disabled. */
async function prepareAccount(server: AssembledServer): Promise<void> {
  const headers = { ...bearer(hostKey), 'straddle-account-id': child.account }
  for (const [path, body] of [
    ['cards', cardThat('ACTIVE')],
    ['api_keys', { name: 'spare', scopes: ['admin'] }],
  ] as const) {
    const { status, text } = await server.call(`/v1/admin/${path}`, { headers, body })
    if (status !== 200) throw new Error(text)
  }
}

interface Copies {
  readonly keep: () => Promise<void>
  readonly putBack: () => Promise<void>
  readonly remove: () => Promise<void>
}

function fileCopies(file: string): Copies {
  return {
    keep: () => copyFile(file, `${file}.backup`),
    async putBack() {
      for (const ending of ['-wal', '-shm']) await rm(file + ending, { force: true })
      await copyFile(`${file}.backup`, file)
    },
    remove: async () => {},
  }
}

/** A database is copied as a template, which needs that no one is connected to it. */
function databaseCopies(url: string): Copies {
  const { adminUrl = '', role } = inject('postgres') ?? {}
  const name = new URL(url).pathname.slice(1)
  const copy = async (from: string, to: string) => {
    await query(adminUrl, `drop database if exists ${to} with (force)`)
    await query(adminUrl, `create database ${to} owner ${role?.name} template ${from}`)
  }
  return {
    keep: () => copy(name, `${name}_backup`),
    putBack: () => copy(`${name}_backup`, name),
    remove: async () => void (await query(adminUrl, `drop database if exists ${name}_backup with (force)`)),
  }
}
