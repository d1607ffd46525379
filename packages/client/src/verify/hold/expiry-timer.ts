/** Says when each of many things expires, with one timer for all of them. */
export interface ExpiryTimer<T> {
  /** `exp` in seconds since the epoch. */
  readonly add: (item: T, exp: number) => void
  readonly remove: (item: T, exp: number) => void
}

/** A clock that is set ahead is noticed after this time, in milliseconds. */
const longestWait = 10_000

/** `now` in milliseconds. While there is nothing to wait for there is no timer. */
export function createExpiryTimer<T>(now: () => number, onExpired: (item: T) => void): ExpiryTimer<T> {
  // tokens live for hours at most and expire at whole seconds, so there are few of these
  const bySecond = new Map<number, Set<T>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let firesFor = Number.POSITIVE_INFINITY

  const arm = () => {
    clearTimeout(timer)
    firesFor = Math.min(...bySecond.keys())
    if (bySecond.size === 0) return
    timer = setTimeout(fire, Math.min(longestWait, Math.max(1, firesFor * 1000 - now())))
  }
  const fire = () => {
    const expired = [...bySecond].filter(([exp]) => exp * 1000 <= now())
    for (const [exp, items] of expired) {
      bySecond.delete(exp)
      for (const item of items) onExpired(item)
    }
    arm()
  }
  return {
    add(item, exp) {
      const items = bySecond.get(exp) ?? new Set()
      bySecond.set(exp, items.add(item))
      if (exp < firesFor) arm()
    },
    remove(item, exp) {
      const items = bySecond.get(exp)
      if (!items?.delete(item) || items.size > 0) return
      bySecond.delete(exp)
      if (bySecond.size === 0) arm()
    },
  }
}
