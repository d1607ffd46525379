import { createVerifier } from '@hallpass/client/verify'
import { child } from '../../system/support/fixtures/fixture.js'
import { fetchFrom, issuer } from '../../system/support/servers/resource-server.js'
import { type Ask, createCalls, type Held, type SecretKey } from './calls.js'
import type { Step, Trace } from './trace.js'
import { transports } from './transports.js'
import type { World } from './world.js'

/** A step whose response the model does not expect. */
export interface Difference {
  readonly at: number
  readonly step: Step
  readonly got: string
}

/**
 * Replays traces on a server, one after the other. Every trace has tokens of its own. Calls go over REST and tRPC in
 * turn; with `phase` 1, each goes over the other one.
 */
export function createReplay(world: World, phase: 0 | 1 = 0) {
  const clientKeyId = world.server().store.findClientKey(child.clientKey)
  const underWay = new Set<Promise<unknown>>()
  const waitUntil = (work: Promise<unknown>) => void underWay.add(work)
  // a request of a verifier that is under way takes no time on the test's clock
  const settle = async () => {
    await Promise.all(underWay)
    underWay.clear()
  }
  const verifiers = () => {
    const now = () => world.server().clock.now()
    const common = { issuer, account: child.account, fetch: fetchOfNow(world), now, waitUntil }
    return {
      session: createVerifier({ ...common, kind: 'widget-session' }),
      bridge: createVerifier({ ...common, kind: 'bridge' }),
    }
  }
  const verify = verifiers()
  let count = 0
  let key: SecretKey | undefined

  /** Undefined if the server does all that the model says. */
  return async (trace: Trace): Promise<Difference | undefined> => {
    const number = ++count
    const { clock } = world.server()
    await settle()
    // verifiers have forgotten the trace before, and JWTs count whole seconds from here
    clock.advance(31_000 + 1_000 - ((clock.now() + 31_000) % 1_000))
    let turn = number + phase
    const ask: Ask = (...call) => transports[turn++ % 2 === 0 ? 'rest' : 'trpc'](world.server(), ...call)
    const id = (await clientKeyId)?.id ?? ''
    const held: Held = {
      name: `trace-${number}`,
      cards: [],
      visitors: [],
      bridges: [],
      sessions: [],
      keys: key ? [key] : [],
    }
    const calls = createCalls({ world, ask, verify, settle, held, clientKeyId: id })
    await calls.begin()
    try {
      for (const [at, step] of trace.entries()) {
        const got = await calls.make(step)
        if (!isExpected(step, got)) return { at, step, got }
      }
      return undefined
    } finally {
      key = await calls.end()
    }
  }
}

const isExpected = ([, , , , reply]: Step, got: string): boolean =>
  got === reply || (reply === 'either' && (got === 'accepted' || got === 'refused'))

/** The server may be another one later. */
const fetchOfNow =
  (world: World): typeof fetch =>
  (...request) =>
    fetchFrom(world.server())(...request)
