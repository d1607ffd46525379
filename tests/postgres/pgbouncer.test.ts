import { randomBytes } from 'node:crypto'
import { type Check, type Config, examineHost, loadConfig } from '@hallpass/server'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { hasPgBouncer, type PgBouncer, type PoolMode, poolModes, startPgBouncer } from '../support/pgbouncer.js'
import { createDatabase, type PostgresAddress, query } from '../support/postgres.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, mintCardToken, paths } from '../system/support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { createMigratedDatabase, openPostgres } from '../system/support/servers/server-parts.js'
import { warningsOf } from '../system/support/servers/warnings-of.js'
import { expectBelow } from '../system/support/time/slowness.js'
import { many } from './support/replicas.js'

const { poolerPort: _, ...postgres } = inject('postgres') as PostgresAddress
const masterKey = randomBytes(32)
const soon = { timeout: 20_000, interval: 50 }

/** A new database: its direct URL and its URL through a pooler. */
async function newDatabase(pooler: PgBouncer) {
  const directUrl = Object.assign(new URL(await createMigratedDatabase()), { port: new URL(postgres.adminUrl).port })
  return { directUrl: directUrl.href, url: pooler.through(directUrl.href) }
}

async function start(databaseUrl: string, more: object = {}): Promise<TestServer> {
  const config = { masterKey, databaseUrl, databaseDirectUrl: undefined, publicUrl: 'https://pass.example', ...more }
  const server = await startServer({ config })
  onTestFinished(server.stop)
  return server
}

const redeem = (server: TestServer, widget_token: string) =>
  server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })

if (!hasPgBouncer) process.stderr.write('Skipped without PgBouncer: tests/support/install-pgbouncer.sh installs it.\n')

describe.skipIf(!hasPgBouncer).each(poolModes)('through PgBouncer in %s mode', (mode) => {
  let pooler: PgBouncer
  beforeAll(async () => {
    pooler = await startPgBouncer(postgres, mode)
  })
  afterAll(() => pooler.stop())

  test('migrates an empty database; of 60 redemptions at two replicas one succeeds', async () => {
    const url = pooler.through(await createDatabase(postgres))
    const servers = [await start(url), await start(url)] as const
    const token = await mintCardToken(servers[0])
    const statuses = await many(60, async (index) => (await redeem(servers[index % 2] as TestServer, token)).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status >= 500)).toEqual([])
  })

  test('a statement that waits for a lock ends in time, in PostgreSQL too', async () => {
    const { url, directUrl } = await newDatabase(pooler)
    const server = await start(url)
    const locker = new pg.Client({ connectionString: directUrl })
    await locker.connect()
    await locker.query('begin; lock table card_tokens in access exclusive mode')
    try {
      const asked = performance.now()
      const response = await server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key))
      expect(response.status).toBe(503)
      expectBelow(performance.now() - asked, 5_000)
      const waiting =
        "select query from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
      await vi.waitFor(async () => expect(await query(directUrl, waiting)).toEqual([]), soon)
    } finally {
      await locker.end()
    }
    await vi.waitFor(async () => expect(await mintCardToken(server)).toEqual(expect.any(String)), soon)
  })

  test('a URL in which the direct one names another database is refused', async () => {
    const [one, other] = [await newDatabase(pooler), await newDatabase(pooler)]
    await expect(start(one.url, { databaseDirectUrl: other.directUrl })).rejects.toThrow(
      /^HALLPASS_DATABASE_DIRECT_URL leads to another database or schema/,
    )
  })

  test('503 while PgBouncer is down, and recovery without a restart', async () => {
    const own = await startPgBouncer(postgres, mode)
    const { url, directUrl } = await newDatabase(own)
    const server = await start(url, { databaseDirectUrl: directUrl })
    await own.stop()
    const mint = () => server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key))
    const response = await mint()
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
    const back = await startPgBouncer(postgres, mode, { listen_port: own.port })
    onTestFinished(back.stop)
    await vi.waitFor(async () => expect((await mint()).status).toBe(200), soon)
  })
})

describe.skipIf(!hasPgBouncer)('in session mode', () => {
  test('the server holds its lock and hears of changes without a direct URL', async () => {
    const pooler = await startPgBouncer(postgres, 'session')
    onTestFinished(pooler.stop)
    const { url } = await newDatabase(pooler)
    expect(await poolerWarnings(configOf(url))).toEqual([])
    await start(url, { publicUrl: undefined })
    await expect(start(url)).rejects.toThrow(/^Another server uses this database/)
  })
})

describe.skipIf(!hasPgBouncer)('in transaction mode', () => {
  let pooler: PgBouncer
  beforeAll(async () => {
    pooler = await startPgBouncer(postgres, 'transaction', { default_pool_size: 1 })
  })
  afterAll(() => pooler.stop())

  test('nothing stays on the connection that all share', async () => {
    const { url } = await newDatabase(pooler)
    const server = await start(url)
    await redeem(server, await mintCardToken(server))
    const [left] = await query(
      url,
      `select (select count(*)::int from pg_prepared_statements) as prepared,
        (select count(*)::int from pg_listening_channels()) as channels,
        (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
        coalesce(current_setting('hallpass.scope', true), '') as scope,
        current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle, current_setting('enable_sort') as sort`,
    )
    const nothing = { prepared: 0, channels: 0, locks: 0, scope: '' }
    expect(left).toEqual({ ...nothing, statement: '0', lock: '0', idle: '0', sort: 'on' })
  })

  test('without a direct URL, the server says so once, and still hears of changes', async () => {
    const { url } = await newDatabase(pooler)
    expect(await poolerWarnings(configOf(url))).toEqual([
      expect.stringContaining('connection pooler in transaction mode'),
    ])
    const [one, other] = [await start(url), await start(url)]
    const made = await one.postAsAcme('/v1/admin/api_keys', { name: 'short', scopes: ['bridge:write'] })
    const { id, secret } = (await made.json()) as { id: string; secret: string }
    const bridge = async () => (await other.post(paths.bridge, { customer_id: acme.customer }, bearer(secret))).status
    expect(await bridge()).toBe(200)
    await one.postAsAcme(`/v1/admin/api_keys/${id}/disable`, {})
    await vi.waitFor(async () => expect(await bridge()).toBe(401), soon)
  })

  test('with a direct URL, the server holds its lock there and hears of changes', async () => {
    const { url, directUrl } = await newDatabase(pooler)
    const config = { databaseDirectUrl: directUrl }
    expect(await poolerWarnings({ ...configOf(url), ...config })).toEqual([])
    await start(url, { ...config, publicUrl: undefined })
    // a server that can't hold the lock still looks at it
    for (const more of [config, {}]) {
      await expect(start(url, more)).rejects.toThrow(/^Another server uses this database/)
    }
  })

  test('doctor warns if there is no direct URL', async () => {
    const { url, directUrl } = await newDatabase(pooler)
    const databaseChecks = async (env: Record<string, string>) => {
      const checks: Check[] = []
      for await (const check of examineHost({ flags: { 'database-url': url, port: '0' }, env })) checks.push(check)
      return checks.filter(({ what }) => what === 'database').map(({ state }) => state)
    }
    expect(await databaseChecks({})).toEqual(['ok', 'warning'])
    expect(await databaseChecks({ HALLPASS_DATABASE_DIRECT_URL: directUrl })).toEqual(['ok'])
  })

  test('a server that needs the database for itself does not start without a direct URL', async () => {
    const { url } = await newDatabase(pooler)
    await expect(start(url, { publicUrl: undefined })).rejects.toThrow(/Set HALLPASS_DATABASE_DIRECT_URL/)
  })
})

const configOf = (url: string) => ({
  ...loadConfig({ port: '0', 'database-url': url, 'public-url': 'https://pass.example' }, {}),
  masterKey,
})

describe.skipIf(!hasPgBouncer)('which connections keep their session', () => {
  const settings: readonly [what: string, mode: PoolMode | undefined, settings: Record<string, number>][] = [
    ['direct', undefined, {}],
    ['session mode', 'session', {}],
    ['transaction mode', 'transaction', {}],
    ['transaction mode, connections in turn', 'transaction', { server_round_robin: 1 }],
  ]
  test.each(settings)('%s: found out every time, in a busy pool too', async (_, mode, more) => {
    const pooler = mode && (await startPgBouncer(postgres, mode, more))
    if (pooler) onTestFinished(pooler.stop)
    const { directUrl } = await newDatabase({ through: (url) => url } as PgBouncer)
    const url = pooler?.through(directUrl) ?? directUrl
    const busy = openPostgres(url, 6)
    onTestFinished(busy.close)
    let isOver = false
    const lanes = many(6, async () => {
      while (!isOver) await busy.shared.query({ text: 'select pg_sleep(0.002)', values: [] })
    })
    const found: boolean[] = []
    for (let round = 0; round < Number(process.env.HALLPASS_POOLER_ROUNDS ?? 2); round++) {
      const database = openPostgres(url, 1)
      const onPooled = vi.fn()
      const quiet = { now: Date.now, onChange() {}, onTime() {}, onLoss() {}, onServers() {}, onPooled, isShared: true }
      const stop = await database.shared.watch(quiet)
      found.push(onPooled.mock.calls.length === 0)
      await stop()
      await database.close()
    }
    isOver = true
    await lanes
    expect(found).toEqual(found.map(() => mode !== 'transaction'))
  })
})

/** What a start says about a pooler. A server that stops at once may warn of other things. */
const poolerWarnings = async (config: Config) =>
  (await warningsOf(config)).filter((warning) => warning.includes('pooler'))
