/** Reports when each of many items expires, with a single timer. */
export interface ExpiryTimer<T> {
  /** `exp` in seconds since the epoch. */
  readonly add: (item: T, exp: number) => void
  readonly remove: (item: T, exp: number) => void
}

/** The maximum delay in milliseconds before a clock that was set forward is noticed. */
const longestWait = 10_000

/** `now` returns milliseconds. There is no timer while there are no items. */
export function createExpiryTimer<T>(now: () => number, onExpired: (item: T) => void): ExpiryTimer<T> {
  // few entries: tokens expire within hours, and at whole seconds
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
