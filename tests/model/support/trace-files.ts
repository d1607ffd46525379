import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Trace } from './trace.js'

/** The traces in this repository: together, they have every call with every response that random walks came to. */
export const keptTraces = (): Trace[] => JSON.parse(readFileSync(join(import.meta.dirname, '../traces.json'), 'utf8'))

const restarts: ReadonlySet<string> = new Set(['backUp', 'restart', 'restore'])

/** Whether a trace stops the server. */
export const isRestarting = (trace: Trace): boolean => trace.some(([op]) => restarts.has(op))

/** A trace in words, up to the difference, for a person who looks for its cause. */
export const tell = (trace: Trace, upTo: number): string =>
  trace
    .slice(0, upTo + 1)
    .map(([op, about, a, b, reply], at) => `${at}. ${op} ${about} ${a} ${b}: ${reply}`)
    .join('\n')
