import { randomBytes } from 'node:crypto'
import type { Fixture } from '@hallpass/contracts'
import {
  type Clock,
  type Config,
  createServer,
  type HallpassServer,
  loadConfig,
  type Overrides,
} from '@hallpass/server'
import { acme, fixture } from '../fixtures/fixture.js'
import { quickFetch } from '../http/quick-fetch.js'
import { newDatabase } from './new-database.js'
import { directUrlOf } from './server-parts.js'

/** A clock that a test sets. Random numbers stay random. */
export interface TestClock extends Clock {
  /** Advances time by milliseconds. */
  readonly advance: (milliseconds: number) => void
}

export function testClock(start = Date.now()): TestClock {
  let offset = 0
  const advance = (milliseconds: number) => {
    offset += milliseconds
  }
  return { now: () => Math.floor(start + offset), random: randomBytes, advance }
}

/** A real server on a free port, and short ways to call it over HTTP. */
export interface TestServer extends HallpassServer {
  readonly clock: TestClock
  readonly post: (path: string, body: unknown, headers?: HeadersInit) => Promise<Response>
  readonly get: (path: string, headers?: HeadersInit) => Promise<Response>
  /** POST with Acme's secret key. */
  readonly postAsAcme: (path: string, body: unknown, headers?: HeadersInit) => Promise<Response>
  /** POST from Acme's shop page. */
  readonly postFromShop: (path: string, body: unknown, headers?: HeadersInit) => Promise<Response>
  /** A form call of RFC 7662 or 7009 with Acme's secret key. */
  readonly postForm: (path: string, form: Record<string, string>, headers?: HeadersInit) => Promise<Response>
  readonly trpc: (procedure: string, input: unknown, headers?: HeadersInit) => Promise<Response>
}

export const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })

export async function startServer(
  options: {
    clock?: TestClock
    hostClock?: Clock
    elapsed?: () => number
    fixture?: Fixture
    config?: Partial<Config>
    connectionLimits?: Overrides['connectionLimits']
    log?: Overrides['log']
    consoleFolder?: string
  } = {},
): Promise<TestServer> {
  const clock = options.clock ?? testClock()
  // a server with a host clock follows the database's clock by itself
  const { hostClock, elapsed } = options
  const time = hostClock ? { hostClock, ...(elapsed ? { elapsed } : {}) } : { clock }
  const url = options.config?.databaseUrl ?? (await newDatabase())
  const defaults = loadConfig({ port: '0', 'database-url': url, 'log-level': 'silent' }, {})
  // these limits are off like those of the fixture; a test of a flood of wrong credentials turns the first one on, and a
  // test that shares its event loop with the server makes it wait
  const unlimited = { failedCredentialsPerMinute: 0, shedAfterMilliseconds: 0 }
  // a production account would refuse the proxies of some tests, which are on this machine
  const profile = 'sandbox'
  const databaseDirectUrl = directUrlOf(url)
  const own = { databaseDirectUrl, masterKey: randomBytes(32), profile, ...unlimited } as const
  const config = { ...defaults, ...own, ...options.config }
  const { connectionLimits, log, consoleFolder } = options
  const server = await createServer(config, {
    ...time,
    fixture: options.fixture ?? fixture,
    noticeMilliseconds: 0,
    ...(connectionLimits ? { connectionLimits } : {}),
    ...(log ? { log } : {}),
    ...(consoleFolder === undefined ? {} : { consoleFolder }),
  })
  await server.ready
  const send = (method: string, path: string, headers: HeadersInit | undefined, body?: string) =>
    quickFetch(server.url + path, { method, ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) })
  const json = (headers: HeadersInit = {}) => {
    const merged = new Headers(headers)
    if (!merged.has('Content-Type')) merged.set('Content-Type', 'application/json')
    return merged
  }
  const merge = (defaultHeaders: Record<string, string>, headers: HeadersInit = {}) => {
    const merged = new Headers(defaultHeaders)
    for (const [name, value] of new Headers(headers)) merged.set(name, value)
    return merged
  }
  const post: TestServer['post'] = (path, body, headers) =>
    send('POST', path, json(headers), typeof body === 'string' ? body : JSON.stringify(body))
  return {
    ...server,
    clock,
    post,
    get: (path, headers) => send('GET', path, headers),
    postAsAcme: (path, body, headers) => post(path, body, merge(bearer(acme.key), headers)),
    postFromShop: (path, body, headers) => post(path, body, merge({ Origin: acme.origin }, headers)),
    postForm: (path, form, headers) => {
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
      return send('POST', path, merge({ ...bearer(acme.key), ...type }, headers), new URLSearchParams(form).toString())
    },
    trpc: (procedure, input, headers) => post(`/trpc/${procedure}`, input ?? '', headers),
  }
}
