import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cases } from './cases.js'
import { chart } from './chart.js'
import { latencies, throughput } from './durable.js'
import { goalsOf, goalTable, type Section } from './goals.js'
import { machine } from './machine.js'
import { manyKinds } from './many-kinds.js'
import { report } from './report.js'
import { runRounds } from './run-rounds.js'
import { startTimes } from './start-times.js'
import { useSecondCore } from './subjects.js'
import { summarize } from './summarize.js'
import { workers } from './workers.js'

/* `npm run bench`: measures Hallpass beside its floors and its peers, and writes docs/benchmarks.md. */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
    section: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
})
const usual = values.quick ? { rounds: 2, seconds: 0.5, amount: 400 } : { rounds: 5, seconds: 0.8, amount: 1_000 }
const plan = { ...usual, ...(values.rounds ? { rounds: Number(values.rounds) } : {}) }
const say = (line: string) => process.stdout.write(`${line}\n`)

/** What isn't compared with a floor takes three minutes more. */
const sections: Readonly<Record<string, () => Promise<Section>>> = {
  throughput,
  latencies,
  workers,
  'start times': startTimes,
  'many kinds': manyKinds,
}

const isPinned = useSecondCore()
const isPart = values.case.length > 0 || values.section.length > 0
// the floors are what everything is compared with
const chosen = cases.filter(({ name, on }) => 'floor-post' in on || 'floor-get' in on || isChosen(name))
const results = values.section.length > 0 ? [] : summarize(await runRounds(chosen, plan, say))
const measured: Section[] = []
for (const [name, measureSection] of Object.entries(sections)) {
  if (isPart ? !values.section.includes(name) : values.quick) continue
  measured.push(await measureSection())
  say(`measured ${name}`)
}
const goals = [...goalsOf(results), ...measured.flatMap((section) => section.goals)]
if (isPart) {
  say([...measured.flatMap(({ lines }) => [...lines, '']), ...goalTable(goals)].join('\n'))
}
const notes = readFileSync(fileURLToPath(new URL('notes.md', import.meta.url)), 'utf8')
const page = report(results, { ...machine(), date: values.date, isPinned, plan, sections: measured, goals, notes })
if (values.section.length === 0) say(page)
if (!isPart) {
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
