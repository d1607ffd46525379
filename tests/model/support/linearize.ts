/** A call in a history, with the times at which it was sent and answered. */
export interface Timed<Call, Reply> {
  readonly call: Call
  /** Undefined if no answer came: the call took effect at any later time, or never. */
  readonly reply: Reply | undefined
  readonly began: number
  readonly ended: number
}

/** What an object does, one call at a time. States must be strings, numbers or the like, or have a `toString`. */
export interface Rules<State, Call, Reply> {
  readonly first: State
  /** The states after a call with this reply. None if the reply is wrong in this state. */
  readonly next: (state: State, call: Call, reply: Reply | undefined) => readonly State[]
  readonly nameOf: (state: State) => string
}

/**
 * Whether a history has an order of its calls that the rules allow, in which no call comes before one that had been
 * answered when it was sent. This is the search of Wing and Gong, which remembers the dead ends.
 */
export function isLinearizable<State, Call, Reply>(
  { first, next, nameOf }: Rules<State, Call, Reply>,
  history: readonly Timed<Call, Reply>[],
): boolean {
  const deadEnds = new Set<string>()
  const search = (state: State, rest: readonly Timed<Call, Reply>[]): boolean => {
    const answered = rest.filter(({ reply }) => reply !== undefined)
    if (answered.length === 0) return true
    const name = `${nameOf(state)} ${rest.map((one) => history.indexOf(one)).join()}`
    if (deadEnds.has(name)) return false
    const firstEnd = Math.min(...answered.map(({ ended }) => ended))
    for (const one of rest.filter(({ began }) => began <= firstEnd)) {
      const others = rest.filter((other) => other !== one)
      if (next(state, one.call, one.reply).some((after) => search(after, others))) return true
    }
    deadEnds.add(name)
    return false
  }
  return search(first, history)
}
