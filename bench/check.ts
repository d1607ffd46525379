import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Case, cases } from './cases.js'
import { runRounds } from './run-rounds.js'
import { useSecondCore } from './subjects.js'
import { summarize } from './summarize.js'

/*
 * `npm run bench:check`: fails if a call costs more than 1.3 times what ratios.json says, as a multiple of the floor. It
 * is measured up to four times, because a busy machine can only make it look slower. `--write` updates the file.
 */
const path = fileURLToPath(new URL('ratios.json', import.meta.url))
const tolerance = 1.3
const attempts = 4
const plan = { rounds: 3, seconds: 0.4, amount: 1_000 }

const committed: Record<string, number> = JSON.parse(readFileSync(path, 'utf8'))
const isWriting = process.argv.includes('--write')
useSecondCore()

const best = new Map<string, number>()
for (let attempt = 1; attempt <= attempts; attempt++) {
  for (const [name, ratio] of await ratios())
    best.set(name, Math.min(ratio, best.get(name) ?? Number.POSITIVE_INFINITY))
  if (!isWriting && slow().length === 0) break
}
for (const [name, ratio] of best) {
  process.stdout.write(`${name}: ${ratio.toFixed(2)} × the floor, committed ${committed[name]?.toFixed(2)}\n`)
}
if (isWriting) writeFileSync(path, `${JSON.stringify(rounded(), null, 2)}\n`)
for (const name of isWriting ? [] : slow()) {
  process.stderr.write(
    `${name} costs more than ${tolerance} times what it did. Profile it, or accept it with --write.\n`,
  )
}
// autocannon keeps timers
process.exit(!isWriting && slow().length > 0 ? 1 : 0)

/** Each committed case on SQLite, once. */
async function ratios(): Promise<(readonly [string, number])[]> {
  const checked = cases.flatMap(({ on, ...one }): Case[] => {
    const { 'floor-post': floor, 'hallpass-sqlite': work } = on
    if (!(one.name in committed) || !work) return []
    return [{ ...one, on: { ...(floor ? { 'floor-post': floor } : {}), 'hallpass-sqlite': work } }]
  })
  const results = summarize(await runRounds(checked, plan, () => {}))
  return results.flatMap(({ name, subject, ratio, failure }) =>
    subject === 'hallpass-sqlite' && failure === undefined ? [[name, ratio.median] as const] : [],
  )
}

function slow(): string[] {
  return Object.entries(committed).flatMap(([name, ratio]) =>
    (best.get(name) ?? Number.POSITIVE_INFINITY) > ratio * tolerance ? [name] : [],
  )
}

function rounded(): Record<string, number> {
  return Object.fromEntries([...best].map(([name, ratio]) => [name, Number(ratio.toFixed(2))]))
}
