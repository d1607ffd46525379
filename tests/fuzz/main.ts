/*
 * Coverage-guided fuzzing: `npm run fuzz -- --target token --minutes 10 --seed 1`. Without arguments, each target runs
 * for a minute.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { inspect, parseArgs } from 'node:util'
import { type Finding, fuzz } from './fuzz.js'
import { pumped } from './growth.js'
import { targets } from './targets.js'

const { values } = parseArgs({
  options: { target: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes ?? 1)
const seed = Number(values.seed ?? Date.now() % 2 ** 32)
const names = values.target === undefined ? Object.keys(targets) : [values.target]
const folder = new URL('cases/', import.meta.url)

for (const name of names) {
  const target = targets[name]
  if (!target) throw new Error(`The target must be one of ${Object.keys(targets).join(', ')}.`)
  process.stdout.write(`${name}: ${minutes} min, --seed ${seed}\n`)
  const end = performance.now() + minutes * 60_000
  const { finding, runs, pumps, covered, corpus } = fuzz(target, { seed, isOver: () => performance.now() > end })
  process.stdout.write(
    `${name}: ${runs} inputs, ${pumps} repeated pieces, ${covered} characters of code, ${corpus.length} inputs kept\n`,
  )
  if (finding) report(name, target.longest, finding)
}

/** Saves an input that revealed a fault. The tests run it from then on. */
function report(name: string, longest: number, finding: Finding): void {
  const text = finding.kind === 'crash' ? finding.text : pumped(finding.pump, Math.min(longest, 1_000))
  const found = finding.kind === 'crash' ? { text } : { pump: finding.pump }
  mkdirSync(folder, { recursive: true })
  const file = new URL(`${name}-${seed}.json`, folder)
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
  const why = finding.kind === 'crash' ? finding.error : finding.growth
  process.stdout.write(`${name}: ${finding.kind}, written to ${file.pathname}\n`)
  process.stderr.write(`${inspect(why)}\n${JSON.stringify(text).slice(0, 500)}\n`)
  process.exitCode = 1
}
