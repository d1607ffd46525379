import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cases } from './cases.js'
import { chart } from './chart.js'
import { durable } from './durable.js'
import { machine } from './machine.js'
import { report } from './report.js'
import { runRounds } from './run-rounds.js'
import { useSecondCore } from './subjects.js'
import { summarize } from './summarize.js'

/* `npm run bench`: measures Hallpass beside its floors and its peers, and writes docs/benchmarks.md. */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
})
const usual = values.quick ? { rounds: 2, seconds: 0.5, amount: 400 } : { rounds: 5, seconds: 0.8, amount: 1_000 }
const plan = { ...usual, ...(values.rounds ? { rounds: Number(values.rounds) } : {}) }
const say = (line: string) => process.stdout.write(`${line}\n`)

const isPinned = useSecondCore()
// the floors are what everything is compared with
const chosen = cases.filter(({ name, on }) => 'floor-post' in on || 'floor-get' in on || isChosen(name))
const series = await runRounds(chosen, plan, say)
const results = summarize(series)
// what isn't compared with a floor takes two minutes more
const isWhole = values.case.length === 0 && !values.quick
const throughput = isWhole ? await durable(say) : []
const notes = readFileSync(fileURLToPath(new URL('notes.md', import.meta.url)), 'utf8')
const page = report(results, { ...machine(), date: values.date, isPinned, plan, throughput, notes })
say(page)
if (values.case.length === 0) {
  const write = (path: string, text: string) =>
    writeFileSync(fileURLToPath(new URL(`../docs/${path}`, import.meta.url)), text)
  write('benchmarks.md', page)
  write('images/benchmarks.svg', chart(results))
  spawnSync('npx', ['biome', 'format', '--write', 'docs/benchmarks.md'], { stdio: 'ignore' })
}
// autocannon keeps timers
process.exit(0)

function isChosen(name: string): boolean {
  return values.case.length === 0 || values.case.some((part) => name.includes(part))
}
