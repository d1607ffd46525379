/** When a document that is held is asked for again. Times in milliseconds. */
export interface Patience {
  /** Up to this age it is good as it is. */
  readonly fresh: number
  /** Up to this age it is used while it is renewed; beyond, whoever asks waits for the renewal, unless one failed within as long. */
  readonly usable: number
  /** How long nothing is asked for after an attempt, failed or forced. */
  readonly coolDown: number
}

/** A document of the issuer, asked for by nobody or by one at a time. */
export interface HeldDocument<T> {
  /** What is held, renewed when it is old; the old one when that fails, and undefined when there never was one. */
  readonly get: () => Promise<T | undefined>
  /** Renews it now, unless that was tried a moment ago: something was seen that it does not know. */
  readonly renew: () => Promise<T | undefined>
  /** What is held, however old. */
  readonly peek: () => T | undefined
  /** Holds a value that came by another way, as if it had been asked for now. */
  readonly put: (value: T) => void
  /** Calls with every value that is held from now on, until the function it gives is called. */
  readonly onValue: (listener: (value: T) => void) => () => void
}

/** `load` can look at what is held; it rejects when the issuer does not answer as it should. */
export function holdDocument<T>(
  load: (held: () => T | undefined, forced: boolean) => Promise<T>,
  { fresh, usable, coolDown }: Patience,
  now: () => number,
): HeldDocument<T> {
  let held: { readonly value: T; readonly askedAt: number } | undefined
  const listeners = new Set<(value: T) => void>()
  let running: Promise<void> | undefined
  let coolFrom = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY
  /** A clock that was set back says nothing of how long ago something was. */
  const isWithin = (moment: number, milliseconds: number) => {
    const age = now() - moment
    return age >= 0 && age < milliseconds
  }
  const keep = (value: T, askedAt: number) => {
    held = { value, askedAt }
    failedAt = Number.NEGATIVE_INFINITY
    for (const listener of listeners) listener(value)
  }
  const loadOnce = async (forced: boolean) => {
    const askedAt = now()
    try {
      keep(await load(() => held?.value, forced), askedAt)
      if (forced) coolFrom = now()
    } catch {
      failedAt = now()
      coolFrom = failedAt
    }
  }
  const refresh = (forced: boolean) => {
    running ??= loadOnce(forced).finally(() => {
      running = undefined
    })
    return running
  }
  const isCooling = () => isWithin(coolFrom, coolDown)
  return {
    async get() {
      if (held && isWithin(held.askedAt, fresh)) return held.value
      if (isCooling()) return held?.value
      const refreshing = refresh(false)
      // nobody waits for an issuer that was found not to answer a moment ago
      if (!held || !(isWithin(held.askedAt, usable) || isWithin(failedAt, usable))) await refreshing
      return held?.value
    },
    async renew() {
      if (running) await running
      else if (!isCooling()) await refresh(true)
      return held?.value
    },
    peek: () => held?.value,
    put: (value) => keep(value, now()),
    onValue(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
