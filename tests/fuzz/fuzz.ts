import { startCoverage } from './coverage.js'
import { findGrowth, type Growth, type Pump } from './growth.js'
import { mutate, pieceOf } from './mutate.js'
import { createRandom, type Random } from './random.js'

/** Code to fuzz. It throws if it breaks a promise. */
export interface Target {
  readonly run: (text: string) => void
  /** Initial inputs. */
  readonly seeds: readonly string[]
  /** Substrings that have a meaning to the code. */
  readonly words: readonly string[]
  /** The longest input that the code examines. */
  readonly longest: number
  /** The scripts whose coverage guides the search, by URL. */
  readonly isWatched: (url: string) => boolean
}

/** An input that revealed a fault. */
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
  /** Called between batches. */
  readonly isOver: (runs: number) => boolean
}

const batchSize = 500
const pumpsPerBatch = 10
/** Longer inputs are made by repeating pieces of short ones. */
const longestMutant = 2_000

/**
 * Mutates the corpus, keeps inputs that run new code, and repeats pieces of them to find superlinear run time. Stops at
 * the first finding.
 */
export function fuzz(target: Target, { seed, isOver }: Options): Report {
  const random = createRandom(seed)
  const coverage = startCoverage(target.isWatched)
  const corpus: string[] = []
  const counts = { runs: 0, pumps: 0 }
  const report = (finding?: Finding): Report => ({ ...counts, covered: coverage.covered(), corpus, finding })
  /** Runs a batch of inputs. If it ran new code, runs each half again, down to single inputs. */
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
      // run some inputs alone, because execution counts are meaningful only for a single input
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
