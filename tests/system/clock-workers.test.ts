import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { type Served, serve, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

/* `hallpass serve --workers 2` on SQLite, in real processes whose wall clock a test sets. */

const hour = 3_600_000

async function start() {
  const { path: cwd, remove } = await temporaryFolder()
  await writeFixture(cwd)
  const clockFile = join(cwd, 'clock')
  const setClock = (ahead: number) => writeFileSync(clockFile, String(ahead))
  setClock(0)
  const server = await serve({
    cwd,
    flags: { 'database-url': 'file:./x.db', fixture: './fixture.json', workers: '2' },
    env: {
      NODE_OPTIONS: `--import=${fileURLToPath(new URL('support/time/settable-date.mjs', import.meta.url))}`,
      TEST_CLOCK_FILE: clockFile,
    },
  })
  onTestFinished(async () => {
    await server.stop('SIGKILL')
    await remove()
  })
  await expect.poll(() => workersOf(server).length).toBe(2)
  return { server, setClock }
}

const workersOf = (server: Served) => [...server.stderr().matchAll(/"worker":(\d+)/g)].map(([, pid]) => Number(pid))

/** Over a new connection, so that the workers take turns. */
const post = (server: Served, path: string, body: object, headers: Record<string, string>) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Connection: 'close', ...headers },
    body: JSON.stringify(body),
  })
const asAcme = (server: Served, path: string, body: object) => post(server, path, body, bearer(acme.key))
const fromShop = async (server: Served, path: string, body: object) =>
  bodyOf<WidgetSession>(await post(server, path, body, { Origin: acme.origin }))

/** Sessions of both workers, refreshed once. */
async function mintSome(server: Served): Promise<WidgetSession[]> {
  const guests = await Promise.all(
    Array.from({ length: 8 }, () => fromShop(server, paths.guest, { client_key: acme.clientKey })),
  )
  return Promise.all(guests.map(({ refresh_token }) => fromShop(server, paths.refresh, { refresh_token })))
}

async function statesOf(server: Served, sessions: readonly WidgetSession[]): Promise<Set<boolean>> {
  const states = sessions.map(async ({ token }) => {
    const response = await fetch(server.url + paths.introspect, {
      method: 'POST',
      headers: { ...bearer(acme.key), Connection: 'close' },
      body: new URLSearchParams({ token }),
    })
    return (await bodyOf<{ active: boolean }>(response)).active
  })
  return new Set(await Promise.all(states))
}

test.each([
  ['ahead', hour],
  ['back', -hour],
])(
  'a worker that restarts with the wall clock an hour %s adopts the time of the primary',
  async (_, by) => {
    const { server, setClock } = await start()
    setClock(by)
    const [first = 0] = workersOf(server)
    process.kill(first, 'SIGKILL')
    await expect.poll(() => workersOf(server).length).toBe(3)
    const during = await mintSome(server)
    for (const { token } of during) {
      expect(Math.abs((decodeJwt(token).iat ?? 0) * 1000 - Date.now())).toBeLessThan(60_000)
    }
    expect(await statesOf(server, during)).toEqual(new Set([true]))
    expect((await asAcme(server, '/v1/admin/sessions/revoke', { account: true })).status).toBe(200)
    expect(await statesOf(server, during)).toEqual(new Set([false]))
    await delay(20)
    expect(await statesOf(server, await mintSome(server))).toEqual(new Set([true]))
    const ready = () => fetch(`${server.url}/health/ready`, { headers: { Connection: 'close' } })
    expect(await Promise.all([1, 2, 3, 4].map(async () => (await ready()).status))).toEqual([503, 503, 503, 503])
    setClock(0)
    await expect.poll(async () => (await Promise.all([ready(), ready()])).map(({ ok }) => ok)).toEqual([true, true])
    expect(await server.stop()).toMatchObject({ code: 0, signal: null })
  },
  60_000,
)
