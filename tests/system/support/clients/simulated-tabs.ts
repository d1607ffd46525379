import {
  createWidgetSession,
  type Platform,
  type WidgetSession,
  type WidgetSessionOptions,
} from '@hallpass/client/browser'
import { acme } from '../fixtures/fixture.js'
import type { TestServer } from '../servers/in-process-server.js'
import { type VirtualTime, virtualTime } from '../time/virtual-time.js'
import { type Hub, joinHub, simulateLocks, storageOf } from './simulated-origin.js'

/** A simulated browser tab. */
export interface SimulatedTab {
  readonly session: WidgetSession
  readonly events: string[]
  /** Nothing happens in it until it wakes: no timer, no message. Its monotonic clock can stop, as on some devices. */
  readonly sleep: () => void
  readonly wake: () => void
  /** Puts the page in the back/forward cache. It misses the messages of other tabs until {@link back}. */
  readonly leave: () => void
  readonly back: () => void
  /** Ends the page without giving it notice, as if its process was killed. Its locks are released. */
  readonly kill: () => void
  readonly close: () => void
  readonly isAsleep: () => boolean
}

/**
 * `hangs`: no response comes before the timeout. `lossy`: calls reach the service, but their responses are lost. `lossy
 * proxy`: the client gets a 502 instead of the response.
 */
type Network = 'up' | 'down' | 'hangs' | 'hangs for ever' | 'lossy' | 'lossy proxy' | 503

/** A browser with several tabs of one origin, its time, and its network. */
export interface SimulatedBrowser {
  readonly time: VirtualTime
  readonly open: (options?: Partial<WidgetSessionOptions>) => SimulatedTab
  /** Calls that reached the service, in order: the last part of the path, and the body. */
  readonly calls: { readonly endpoint: string; readonly body: Record<string, unknown> }[]
  /** The sessions in the service's responses, including responses that were lost. */
  readonly issued: { readonly session_id: string; readonly token: string }[]
  network: Network
  /** Another network for calls to these endpoints, by the last part of the path. */
  readonly networkOf: Record<string, Network>
  /** Calls that wait for a response that never comes. */
  hanging: number
  /** How many milliseconds a response takes. */
  latency: number
  /** How many milliseconds the device's clock is off. */
  clockOffset: number
  /** The `localStorage` that all pages share, or `refused` if the browser doesn't let them store anything. */
  notes: Map<string, string> | 'refused'
  /** Whether pages can encrypt. They can't on plain HTTP. */
  canSeal: boolean
  /** Whether parts of the client can be loaded that a page doesn't load at once. */
  parts: 'loadable' | 'refused' | 'hang'
}

export function simulateBrowser(
  server: TestServer,
  {
    hasLocks = true,
    random = Math.random,
    stopsInSleep = false,
  }: { hasLocks?: boolean; random?: () => number; stopsInSleep?: boolean } = {},
): SimulatedBrowser {
  const time = virtualTime(server)
  const hubs = new Map<string, Hub>()
  const locksFor = simulateLocks()
  const browser: SimulatedBrowser = {
    time,
    calls: [],
    issued: [],
    network: 'up',
    networkOf: {},
    hanging: 0,
    latency: 0,
    clockOffset: 0,
    notes: new Map(),
    canSeal: true,
    parts: 'loadable',
    open,
  }
  const fetchOf = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    // the last part of the path of an account's feed is its id
    const endpoint = new URL(request.url).pathname.replace(/\/[0-9a-f-]{36}$/, '').replace(/^.*\//, '')
    const network = browser.networkOf[endpoint] ?? browser.network
    if (network === 503)
      return new Response('unavailable', { status: 503, headers: { 'X-Error-Reason': 'unavailable' } })
    if (network === 'down') throw new TypeError('Failed to fetch')
    if (network === 'hangs for ever') return new Promise<never>(() => {})
    if (network === 'hangs') {
      browser.hanging += 1
      return new Promise<never>((_, reject) => {
        request.signal.addEventListener('abort', () => {
          browser.hanging -= 1
          reject(request.signal.reason)
        })
      })
    }
    request.headers.set('Origin', acme.origin)
    if (request.url.startsWith(server.url)) browser.calls.push({ endpoint, body: parsed(await request.clone().text()) })
    const answer = await time.track(fetch(request).then(wholeOf))
    if (answer.ok && beginning.includes(endpoint)) browser.issued.push(await answer.clone().json())
    if (browser.latency > 0) await new Promise<void>((resolve) => time.after(browser.latency, resolve))
    if (network === 'lossy') throw new TypeError('Failed to fetch')
    if (network === 'lossy proxy') return new Response('bad gateway', { status: 502 })
    return answer
  }

  function open(options: Partial<WidgetSessionOptions> = {}): SimulatedTab {
    const events: string[] = []
    const missed: (() => void)[] = []
    const wakers = new Set<(how?: 'returned' | 'hidden') => void>()
    const heldLocks = new Set<() => void>()
    const page = { isAsleep: false, isCached: false, isDead: false }
    let slept = 0
    let sleptAt = 0
    const whenAwake = (run: () => void) => {
      if (page.isDead) return
      if (page.isAsleep) missed.push(run)
      else run()
    }
    const resume = (how?: 'returned') => {
      page.isAsleep = false
      page.isCached = false
      slept += time.now() - sleptAt
      for (const run of missed.splice(0)) run()
      for (const wake of wakers) wake(how)
    }
    const suspend = () => {
      page.isAsleep = true
      sleptAt = time.now()
    }
    const platform: Platform = {
      fetch: async (...call) => {
        const outcome = await fetchOf(...call).then(
          (response) => () => response,
          (error) => () => {
            throw error
          },
        )
        // a page that is asleep gets its responses when it wakes
        if (page.isAsleep || page.isDead) await new Promise<void>((resolve) => whenAwake(resolve))
        return outcome()
      },
      origin: () => acme.origin,
      monotonic: () => time.now() - (stopsInSleep ? slept : 0),
      wall: () => time.now() + browser.clockOffset,
      random,
      after(milliseconds, run) {
        let isWanted = true
        const stop = time.after(milliseconds, () => whenAwake(() => isWanted && run()))
        return () => {
          isWanted = false
          stop()
        }
      },
      load: (part) => {
        if (browser.parts === 'hang') return new Promise<never>(() => {})
        if (browser.parts === 'refused') return Promise.reject(new TypeError('Failed to fetch'))
        return time.track(part())
      },
      sha256: (text) => time.track(crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
      locks: hasLocks ? locksFor(heldLocks) : undefined,
      openChannel: (name) => joinHub(hubs, name, { time, whenAwake, isCached: () => page.isCached }),
      onWake(wake) {
        wakers.add(wake)
        return () => wakers.delete(wake)
      },
      notes: () => storageOf(browser.notes),
      newSecret: () => `${Math.random()}${Math.random()}`,
      async seal(secret, text) {
        if (!browser.canSeal) throw new TypeError('crypto.subtle is undefined')
        return JSON.stringify({ secret, text })
      },
      async unseal(secret, sealed) {
        const box = JSON.parse(sealed)
        if (box.secret !== secret) throw new Error('Sealed with another secret.')
        return box.text
      },
    }
    const session = createWidgetSession({ baseUrl: server.url, clientKey: acme.clientKey, ...options }, platform)
    session.subscribe(({ type }) => events.push(type))
    return {
      session,
      events,
      isAsleep: () => page.isAsleep,
      sleep: suspend,
      wake() {
        if (page.isAsleep && !page.isCached) resume()
      },
      leave() {
        for (const wake of wakers) wake('hidden')
        suspend()
        page.isCached = true
      },
      back() {
        if (page.isCached) resume('returned')
      },
      kill() {
        page.isDead = true
        for (const release of heldLocks) release()
      },
      close: session.close,
    }
  }
  return browser
}

/** The endpoints whose responses are sessions. */
const beginning = ['guest', 'exchange', 'refresh']

const parsed = (body: string): Record<string, unknown> => (body === '' ? {} : JSON.parse(body))

/** Reads a response completely, so that it is no longer pending when it is returned. */
async function wholeOf(response: Response): Promise<Response> {
  return new Response(await response.text(), { status: response.status, headers: response.headers })
}

/** The outcome of a promise, while time advances. */
export async function within<T>(
  browser: ReturnType<typeof simulateBrowser>,
  milliseconds: number,
  work: Promise<T>,
): Promise<T> {
  const outcome = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  await browser.time.pass(milliseconds)
  const settled = await outcome
  if ('error' in settled) throw settled.error
  return settled.value
}

/** The endpoints that were called, in order. */
export const endpointsOf = ({ calls }: ReturnType<typeof simulateBrowser>) => calls.map(({ endpoint }) => endpoint)
