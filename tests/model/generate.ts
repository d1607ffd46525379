import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Trace } from './support/trace.js'

const simulator = join(import.meta.dirname, 'simulator')
const quint = join(simulator, 'node_modules/.bin/quint')
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
  const wanted = [step, seed * apart, traces, length].map(String)
  const { stdout } = await run(process.execPath, [join(simulator, 'walk.mjs'), ...wanted], { maxBuffer: 2 ** 28 })
  return JSON.parse(stdout)
}

/** Checks what must always be true, in as many random walks. Throws with the walk that breaks it. */
export async function checkInvariants(walks: number, step: Wanted['step']): Promise<void> {
  const numbers = { 'max-samples': walks, 'max-steps': 30, invariant: 'safe', verbosity: 2 }
  const flags = Object.entries(numbers).map(([name, value]) => `--${name}=${value}`)
  const model = join(import.meta.dirname, 'hallpass.qnt')
  await run(quint, ['run', model, '--backend=typescript', `--step=${step}`, ...flags])
}
