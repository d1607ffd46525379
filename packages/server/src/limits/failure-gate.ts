import type { Clock } from '../clock.js'
import { addressBuckets } from './address-bucket.js'
import type { Allowance, Meter } from './allowance.js'
import { createSlidingWindow } from './sliding-window.js'

/**
 * Secret keys count apart from the tokens of visitors, so that a page gone wrong in an office does not shut out the
 * backend that calls from there too.
 */
export type CredentialKind = 'secret_key' | 'visitor_token'

/** What came of a credential: it was not looked at, or it was, and `found` is undefined for a wrong one. */
export type Attempt<T> = { readonly refused: Allowance } | { readonly found: T | undefined }

/** Checks credentials, unless too many from one address were wrong lately. */
export interface FailureGate {
  readonly attempt: <T>(
    kind: CredentialKind,
    address: string,
    check: () => Promise<T | undefined>,
  ) => Promise<Attempt<T>>
  /** How many addresses or networks it holds in memory because of a check that is running or waiting. */
  readonly size: () => number
}

/** Checks of one address, or of one wide IPv6 network, that are under way or have to wait. */
interface Group {
  readonly underWay: Map<string, number>
  readonly waiting: { readonly meters: readonly Meter[]; readonly resolve: (refused: Allowance | undefined) => void }[]
}

/**
 * An address may be wrong so many times in a minute; 0 is no limit. Then none of its credentials is checked, right or wrong,
 * so that the limit tells nothing. A check counts as wrong until it is over: those that would exceed the limit wait for the
 * ones before them, so a burst gets no more checks than calls in turn do, and a caller whose credentials are right hardly waits.
 */
export function createFailureGate(clock: Pick<Clock, 'now'>, perMinute: number): FailureGate {
  const window = createSlidingWindow(clock)
  const groups = new Map<string, Group>()

  /** Whether a check may begin: a refusal, or that it has to wait, or undefined for yes. */
  const judge = ({ underWay }: Group, meters: readonly Meter[]): Allowance | 'wait' | undefined => {
    const refused = window.look(meters)
    if (refused && !refused.allowed) return refused
    const isFull = meters.some((meter) => {
      const left = window.look([meter])?.remaining ?? meter.quota.limit
      return left <= (underWay.get(meter.key) ?? 0)
    })
    return isFull ? 'wait' : undefined
  }

  const enter = async (group: Group, meters: readonly Meter[]): Promise<Allowance | undefined> => {
    const judged = group.waiting.length > 0 ? 'wait' : judge(group, meters)
    if (judged === 'wait') return new Promise((resolve) => group.waiting.push({ meters, resolve }))
    if (!judged) change(group, meters, 1)
    return judged
  }

  /** In the order in which they came, as far as there is room. */
  const admitWaiting = (group: Group) => {
    for (let [next] = group.waiting; next; [next] = group.waiting) {
      const judged = judge(group, next.meters)
      if (judged === 'wait') return
      group.waiting.shift()
      if (!judged) change(group, next.meters, 1)
      next.resolve(judged)
    }
  }

  return {
    async attempt(kind, address, check) {
      if (perMinute === 0) return { found: await check() }
      const meters = metersOf(kind, address, perMinute)
      const name = meters.at(-1)?.key ?? ''
      const group = groups.get(name) ?? { underWay: new Map(), waiting: [] }
      groups.set(name, group)
      const refused = await enter(group, meters)
      if (refused) {
        if (isIdle(group)) groups.delete(name)
        return { refused }
      }
      try {
        const found = await check()
        if (found === undefined) window.consume(meters)
        return { found }
      } finally {
        change(group, meters, -1)
        admitWaiting(group)
        if (isIdle(group)) groups.delete(name)
      }
    },
    size: () => groups.size,
  }
}

const metersOf = (kind: CredentialKind, address: string, perMinute: number): readonly Meter[] =>
  addressBuckets(address).map(({ name, factor }) => ({
    key: `${kind} ${name}`,
    quota: { limit: perMinute * factor, windowSeconds: 60, of: 'failures' },
  }))

function change({ underWay }: Group, meters: readonly Meter[], by: 1 | -1): void {
  for (const { key } of meters) {
    const count = (underWay.get(key) ?? 0) + by
    if (count === 0) underWay.delete(key)
    else underWay.set(key, count)
  }
}

/** Checks wait only while others are under way. */
const isIdle = ({ underWay }: Group) => underWay.size === 0
