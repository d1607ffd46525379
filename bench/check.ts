import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bridgeMint, type Case, cases, declaredMint } from './cases.js'
import { runRounds, type Series } from './run-rounds.js'
import { useSecondCore } from './subjects.js'

/*
 * `npm run bench:check`: fails if a call costs more than 1.3 times what ratios.json says, as a multiple of the floor.
 * Other work on the machine can only make a call look slower, so the cheapest round of the call is compared with the
 * cheapest round of the floor, and rounds are added until the ratio is low enough, or there are too many. `--write`
 * updates the file. It also fails if minting a declared JWT costs more than 1.1 times what minting a bridge token does.
 */
const path = fileURLToPath(new URL('ratios.json', import.meta.url))
const tolerance = 1.3
const declaredTolerance = 1.1
const fewestRounds = 3
const plan = { rounds: 20, seconds: 0.3, amount: 600 }

const committed: Record<string, number> = JSON.parse(readFileSync(path, 'utf8'))
const isWriting = process.argv.includes('--write')
useSecondCore()

const series = await runRounds(checkedCases(), plan, () => {}, isEnough)
const ratios = ratiosOf(series)
for (const [name, ratio] of ratios) {
  const before = committed[name] === undefined ? '' : `, committed ${committed[name].toFixed(2)}`
  process.stdout.write(`${name}: ${ratio.toFixed(2)} × the floor${before}\n`)
}
const overBridge = declaredOf(ratios)
process.stdout.write(`${declaredMint}: ${overBridge.toFixed(2)} × ${bridgeMint}\n`)
const slow = isWriting ? [] : slowOf(ratios)
if (isWriting) {
  const rounded = [...ratios]
    .filter(([name]) => name in committed)
    .map(([name, ratio]) => [name, Number(ratio.toFixed(2))])
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`)
}
for (const name of slow) {
  process.stderr.write(
    `${name} costs more than ${tolerance} times what it did. Profile it, or accept it with --write.\n`,
  )
}
const isDeclaredSlow = !(overBridge <= declaredTolerance)
if (isDeclaredSlow) {
  process.stderr.write(`${declaredMint} costs more than ${declaredTolerance} times ${bridgeMint}. Profile it.\n`)
}
// autocannon keeps timers
process.exit(slow.length > 0 || isDeclaredSlow ? 1 : 0)

/** The committed cases on SQLite, and the floor. */
function checkedCases(): Case[] {
  return cases.flatMap(({ on, ...one }): Case[] => {
    const { 'floor-post': floor, 'hallpass-sqlite': work } = on
    if (!(one.name in committed || one.name === declaredMint) || !work) return []
    return [{ ...one, on: { ...(floor ? { 'floor-post': floor } : {}), 'hallpass-sqlite': work } }]
  })
}

/** To update the file, all rounds are needed. */
function isEnough(all: readonly Series[]): boolean {
  const rounds = Math.min(...all.map(({ samples }) => samples.length))
  const ratios = ratiosOf(all)
  const isFast = slowOf(ratios).length === 0 && declaredOf(ratios) <= declaredTolerance
  return !isWriting && rounds >= fewestRounds && isFast
}

/** Of a case that failed, the ratio is infinite. */
function ratiosOf(all: readonly Series[]): ReadonlyMap<string, number> {
  const cheapest = ({ samples, failure }: Series) =>
    failure === undefined
      ? Math.min(...samples.map(({ cpuMicroseconds }) => cpuMicroseconds))
      : Number.POSITIVE_INFINITY
  const floor = Math.min(...all.filter(({ subject }) => subject === 'floor-post').map(cheapest))
  const measured = all.filter(({ subject }) => subject === 'hallpass-sqlite')
  return new Map(measured.map((one) => [one.case.name, cheapest(one) / floor]))
}

/** What minting a declared JWT costs, as a multiple of a bridge token. NaN if either failed. */
function declaredOf(ratios: ReadonlyMap<string, number>): number {
  return (ratios.get(declaredMint) ?? Number.NaN) / (ratios.get(bridgeMint) ?? Number.NaN)
}

function slowOf(ratios: ReadonlyMap<string, number>): string[] {
  return Object.entries(committed).flatMap(([name, ratio]) =>
    (ratios.get(name) ?? Number.POSITIVE_INFINITY) > ratio * tolerance ? [name] : [],
  )
}
