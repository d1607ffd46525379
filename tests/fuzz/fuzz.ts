import { startCoverage } from './coverage.js'
import { findGrowth, type Growth, type Pump } from './growth.js'
import { mutate, pieceOf } from './mutate.js'
import { createRandom, type Random } from './random.js'

/** Code that is fuzzed: it throws when it breaks a promise. */
export interface Target {
  readonly run: (text: string) => void
  /** Inputs to begin with. */
  readonly seeds: readonly string[]
  /** Pieces that mean something to the code. */
  readonly words: readonly string[]
  /** The longest input that the code looks at. */
  readonly longest: number
  /** Which scripts guide the search, by their URL. */
  readonly isWatched: (url: string) => boolean
}

/** An input that was found. */
export type Finding =
  | { readonly kind: 'crash'; readonly text: string; readonly error: unknown }
  | { readonly kind: 'growth'; readonly pump: Pump; readonly growth: Growth }

export interface Report {
  readonly runs: number
  readonly pumps: number
  /** Characters of the watched code that ran. */
  readonly covered: number
  readonly corpus: readonly string[]
  readonly finding: Finding | undefined
}

export interface Options {
  readonly seed: number
  /** Asked between batches. */
  readonly isOver: (runs: number) => boolean
}

const batchSize = 500
const pumpsPerBatch = 10
/** Longer inputs are found by repeating pieces of short ones. */
const longestMutant = 2_000

/** Mutates the corpus, keeps what runs new code, and repeats pieces of it to find what grows faster than its length. Ends at the first finding. */
export function fuzz(target: Target, { seed, isOver }: Options): Report {
  const random = createRandom(seed)
  const coverage = startCoverage(target.isWatched)
  const corpus: string[] = []
  const counts = { runs: 0, pumps: 0 }
  const report = (finding?: Finding): Report => ({ ...counts, covered: coverage.covered(), corpus, finding })
  /** Runs inputs together, and those that ran new code again in halves, until each stands alone. */
  const explore = (texts: readonly string[]): Finding | undefined => {
    counts.runs += texts.length
    for (const text of texts) {
      const crash = crashOf(target, text)
      if (crash) return crash
    }
    const [text] = texts
    if (texts.length === 1 && text !== undefined) {
      if (coverage.learn()) corpus.push(text)
      return undefined
    }
    if (!coverage.hasNewCode()) return undefined
    const middle = texts.length >> 1
    return explore(texts.slice(0, middle)) ?? explore(texts.slice(middle))
  }
  try {
    let finding = explore(['']) ?? firstOf(target.seeds, (text) => explore([text]))
    while (!finding && !isOver(counts.runs)) {
      const mutant = () => mutate(random, corpus, target.words, Math.min(longestMutant, target.longest))
      // some alone, because how often code ran says something of one input only
      finding =
        explore(Array.from({ length: batchSize }, mutant)) ?? firstOf([mutant(), mutant()], (one) => explore([one]))
      for (let i = 0; i < pumpsPerBatch && !finding; i++, counts.pumps++) finding = pump(target, random, corpus)
    }
    return report(finding)
  } finally {
    coverage.stop()
  }
}

function crashOf({ run }: Target, text: string): Finding | undefined {
  try {
    run(text)
    return undefined
  } catch (error) {
    return { kind: 'crash', text, error }
  }
}

function pump({ run, words, longest }: Target, random: Random, corpus: readonly string[]): Finding | undefined {
  const text = mutate(random, corpus, words, 200)
  const [start, end] = pieceOf(text, random)
  if (start === end) return undefined
  const one: Pump = { before: text.slice(0, start), piece: text.slice(start, end), after: text.slice(end) }
  const growth = findGrowth(run, one, longest)
  return growth && { kind: 'growth', pump: one, growth }
}

function firstOf<T, R>(list: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}
