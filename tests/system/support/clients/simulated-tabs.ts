import {
  createWidgetSession,
  type Platform,
  type WidgetSession,
  type WidgetSessionOptions,
} from '@hallpass/client/browser'
import { acme } from '../fixtures/fixture.js'
import type { TestServer } from '../servers/in-process-server.js'
import { type VirtualTime, virtualTime } from '../time/virtual-time.js'

/** A simulated browser tab. */
export interface SimulatedTab {
  readonly session: WidgetSession
  readonly events: string[]
  /** Nothing happens in it until it wakes: no timer, no message. Its monotonic clock can stop, as on some devices. */
  readonly sleep: () => void
  readonly wake: () => void
  readonly close: () => void
  readonly isAsleep: () => boolean
}

/**
 * `hangs`: no response comes before the timeout. `lossy`: calls reach the service, but their responses are lost. `lossy
 * proxy`: the client gets a 502 instead of the response.
 */
type Network = 'up' | 'down' | 'hangs' | 'lossy' | 'lossy proxy' | 503

/** A browser with several tabs of one origin, its time, and its network. */
export interface SimulatedBrowser {
  readonly time: VirtualTime
  readonly open: (options?: Partial<WidgetSessionOptions>) => SimulatedTab
  /** Calls that reached the service, in order: the last part of the path, and the body. */
  readonly calls: { readonly endpoint: string; readonly body: Record<string, unknown> }[]
  network: Network
  /** Another network for calls to these endpoints, by the last part of the path. */
  readonly networkOf: Record<string, Network>
  /** Calls that wait for a response that never comes. */
  hanging: number
  /** How many milliseconds a response takes. */
  latency: number
  /** How many milliseconds the device's clock is off. */
  clockOffset: number
}

interface Hub {
  readonly members: Set<{ readonly receive: (message: unknown) => void }>
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
  const locks = hasLocks ? { locks: simulateLocks() } : { locks: undefined }
  const browser: SimulatedBrowser = {
    time,
    calls: [],
    network: 'up',
    networkOf: {},
    hanging: 0,
    latency: 0,
    clockOffset: 0,
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
    if (browser.latency > 0) await new Promise<void>((resolve) => time.after(browser.latency, resolve))
    if (network === 'lossy') throw new TypeError('Failed to fetch')
    if (network === 'lossy proxy') return new Response('bad gateway', { status: 502 })
    return answer
  }

  function open(options: Partial<WidgetSessionOptions> = {}): SimulatedTab {
    const events: string[] = []
    const missed: (() => void)[] = []
    const wakers = new Set<() => void>()
    let asleep = false
    let slept = 0
    let sleptAt = 0
    const whenAwake = (run: () => void) => (asleep ? missed.push(run) : run())
    const platform: Platform = {
      fetch: fetchOf,
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
      sha256: (text) => time.track(crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
      ...locks,
      openChannel: (name) => joinHub(hubs, name, { time, whenAwake }),
      onWake(wake) {
        wakers.add(wake)
        return () => wakers.delete(wake)
      },
    }
    const session = createWidgetSession({ baseUrl: server.url, clientKey: acme.clientKey, ...options }, platform)
    session.subscribe(({ type }) => events.push(type))
    return {
      session,
      events,
      isAsleep: () => asleep,
      sleep() {
        asleep = true
        sleptAt = time.now()
      },
      wake() {
        if (!asleep) return
        asleep = false
        slept += time.now() - sleptAt
        for (const run of missed.splice(0)) run()
        for (const wake of wakers) wake()
      },
      close: session.close,
    }
  }
  return browser
}

/** Messages arrive in order, a moment later, and not in the tab that sent them. */
function joinHub(
  hubs: Map<string, Hub>,
  name: string,
  tab: { time: VirtualTime; whenAwake: (run: () => void) => void },
) {
  const hub = hubs.get(name) ?? { members: new Set() }
  hubs.set(name, hub)
  const channel = { onMessage: (_: unknown) => {}, post, close: () => void hub.members.delete(member) }
  const member = { receive: (message: unknown) => tab.whenAwake(() => channel.onMessage(message)) }
  hub.members.add(member)
  function post(message: unknown) {
    const copy = structuredClone(message)
    for (const other of hub.members) if (other !== member) tab.time.after(1, () => other.receive(copy))
  }
  return channel
}

/** One holder per name. The others wait in the order of their requests. */
function simulateLocks(): Platform['locks'] {
  const lines = new Map<string, Promise<unknown>>()
  const request = (name: string, work: () => Promise<unknown>) => {
    const turn = (lines.get(name) ?? Promise.resolve()).then(work)
    lines.set(
      name,
      turn.catch(() => {}),
    )
    return turn
  }
  // only the form with a name and a callback is used
  return { request: request as LockManager['request'] }
}

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
