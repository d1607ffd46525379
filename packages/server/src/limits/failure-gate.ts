import type { Clock } from '../clock.js'
import { addressBuckets } from './address-bucket.js'
import type { Allowance, Meter } from './allowance.js'
import { createSlidingWindow } from './sliding-window.js'

/**
 * Secret keys count separately from visitor tokens, so that a broken page in an office doesn't lock out the backend
 * that calls from the same address.
 */
export type CredentialKind = 'secret_key' | 'visitor_token'

/** The result of an attempt. Either it was refused without a check, or `found` is undefined for a wrong credential. */
export type Attempt<T> = { readonly refused: Allowance } | { readonly found: T | undefined }

/** Checks credentials, unless an address recently sent too many wrong ones. */
export interface FailureGate {
  readonly attempt: <T>(
    kind: CredentialKind,
    address: string,
    check: () => Promise<T | undefined>,
  ) => Promise<Attempt<T>>
  /** How many addresses or networks are in memory because of a running or waiting check. */
  readonly size: () => number
}

/** The running and waiting checks of one address, or of one IPv6 network. */
interface Group {
  readonly underWay: Map<string, number>
  readonly waiting: { readonly meters: readonly Meter[]; readonly resolve: (refused: Allowance | undefined) => void }[]
}

/**
 * An address may send this many wrong credentials a minute. 0 means no limit. After that, its credentials are refused
 * without a check, right or wrong, so that the limit reveals nothing. A running check counts as wrong until it ends.
 * Checks that would exceed the limit wait for earlier ones, so a burst gets no more checks than calls in sequence, and
 * a caller with right credentials hardly waits.
 */
export function createFailureGate(clock: Pick<Clock, 'now'>, perMinute: number): FailureGate {
  const window = createSlidingWindow(clock)
  const groups = new Map<string, Group>()

  /** Whether a check may start. Returns a refusal, or that it must wait, or undefined for yes. */
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

  /** In the order of arrival, as far as there is room. */
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

/** Checks wait only while others are running. */
const isIdle = ({ underWay }: Group) => underWay.size === 0
