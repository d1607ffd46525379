import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Step, Trace } from './support/trace.js'

const folder = import.meta.dirname
const quint = join(folder, 'simulator/node_modules/.bin/quint')
const run = promisify(execFile)

export interface Wanted {
  readonly traces: number
  /** How many calls a trace has. */
  readonly length: number
  readonly seed: number
  /** Which action of the model makes the steps. */
  readonly step: 'step' | 'stepWithRestores'
}

/** Quint draws numbers by counting up from its seed: walks of two seeds that are close together are the same ones. */
const apart = 2 ** 32

/** Random walks of the model. The same seed gives the same ones. */
export async function generateTraces({ traces, length, seed, step }: Wanted): Promise<Trace[]> {
  const out = await mkdtemp(join(tmpdir(), 'hallpass-model-'))
  const numbers = { 'max-samples': traces, 'n-traces': traces, 'max-steps': length, seed: seed * apart, verbosity: 0 }
  const flags = Object.entries(numbers).map(([name, value]) => `--${name}=${value}`)
  try {
    await run(quint, [
      'run',
      join(folder, 'hallpass.qnt'),
      '--backend=typescript',
      `--step=${step}`,
      `--out-itf=${join(out, '{seq}.json')}`,
      ...flags,
    ])
    const files = await readdir(out)
    return await Promise.all(files.map(async (file) => readTrace(await readFile(join(out, file), 'utf8'))))
  } finally {
    await rm(out, { recursive: true })
  }
}

/** Checks what must always be true, in as many random walks. Throws with the walk that breaks it. */
export async function checkInvariants(walks: number, step: Wanted['step']): Promise<void> {
  const numbers = { 'max-samples': walks, 'max-steps': 30, invariant: 'safe', verbosity: 2 }
  const flags = Object.entries(numbers).map(([name, value]) => `--${name}=${value}`)
  await run(quint, ['run', join(folder, 'hallpass.qnt'), '--backend=typescript', `--step=${step}`, ...flags])
}

interface Itf {
  readonly states: readonly { readonly last: Record<'op' | 'about' | 'reply', string> & Record<'a' | 'b', ItfInt> }[]
}
type ItfInt = { readonly '#bigint': string } | number

const readInt = (value: ItfInt): number => Number(typeof value === 'number' ? value : value['#bigint'])

/** The calls of a trace in the Informal Trace Format. The first state is the beginning. */
function readTrace(text: string): Trace {
  const { states } = JSON.parse(text) as Itf
  return states.slice(1).map(({ last }): Step => [last.op, last.about, readInt(last.a), readInt(last.b), last.reply])
}
