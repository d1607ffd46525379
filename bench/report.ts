import { type Goal, goalTable, type Section } from './goals.js'
import type { Machine } from './machine.js'
import { usualConnections } from './measure.js'
import type { Plan } from './run-rounds.js'
import type { SubjectName } from './subjects.js'
import type { Result } from './summarize.js'

interface Circumstances extends Machine {
  readonly date: string
  readonly isPinned: boolean
  readonly plan: Plan
  /** What isn't compared with a floor. Empty if it wasn't measured. */
  readonly sections: readonly Section[]
  readonly goals: readonly Goal[]
  /** Text about the results that is written by hand. */
  readonly notes: string
}

/** What each server is, and what it keeps. */
export const subjects: Readonly<Record<SubjectName, { readonly title: string; readonly durability: string }>> = {
  'floor-post': { title: 'floor: POST and signature', durability: 'nothing is stored' },
  'floor-get': { title: 'floor: GET', durability: 'nothing is stored' },
  'hallpass-sqlite': { title: 'Hallpass, SQLite', durability: 'every commit is synced' },
  'hallpass-postgres': { title: 'Hallpass, PostgreSQL', durability: 'every commit is synced' },
  'oidc-provider': { title: 'oidc-provider', durability: 'in memory' },
  'better-auth': { title: 'better-auth', durability: 'in memory' },
  'oauth2-server': { title: '@node-oauth/oauth2-server', durability: 'in memory' },
  prism: { title: 'Prism (mock)', durability: 'nothing is stored' },
}

/** The page docs/benchmarks.md. */
export function report(results: readonly Result[], circumstances: Circumstances): string {
  const { date, node, system, processor, peers, plan, isPinned, sections, goals, notes } = circumstances
  const versions = Object.entries(peers).map(([name, version]) => `- \`${name}\` ${version}`)
  return `# Benchmarks

This page compares the cost of a call with the least that it could cost, and with other token services. \`npm run bench\`
writes it. Measured on ${date} with Node ${node} on ${system}, ${processor}.

![CPU time of a call, as a multiple of the floor](images/benchmarks.svg)

The main figure is the CPU time that the server spends on a call, as a multiple of the **floor**: a bare \`node:http\`
server that reads a JSON body and makes one Ed25519 signature or, for GET requests, sends a fixed document. A multiple
depends little on the machine.

${table(results)}
${sections.map(({ lines }) => `\n${lines.join('\n')}\n`).join('')}
## Goals

The multiples of the floor are those on SQLite. If a goal was missed, the next section says where the time goes, and what
was tried.

${goalTable(goals).join('\n')}

${notes.trim()}

## How it is measured

- ${isPinned ? 'The server is pinned to the first core. The load and PostgreSQL run on the second.' : '`taskset` is missing, so processes are not pinned to cores.'}
- ${usualConnections} connections send one request at a time each. autocannon makes the load.
- ${plan.rounds} rounds are interleaved: each measures every row once, for ${plan.seconds} s or ${plan.amount} calls. The table shows
  medians, and for × floor also the smallest and the largest value. A first round isn't counted.
- CPU time is that of the server's process and its threads, as the kernel counts it. The time of PostgreSQL isn't
  included.
- Hallpass has its usual settings, but no rate limits and no log of requests, and it refuses no calls under overload. With
  SQLite and with PostgreSQL, a response is sent after its commit was synced to disk. Peers keep everything in memory.
- What a call uses up, such as a visitor token, is made before the measurement.

| server | what it keeps |
| ------ | ------------- |
${Object.values(subjects)
  .map(({ title, durability }) => `| ${title} | ${durability} |`)
  .join('\n')}

Versions:

${versions.join('\n')}
`
}

function table(results: readonly Result[]): string {
  const rows = results.map(({ name, subject, sample, ratio, failure }) => {
    if (failure !== undefined) return `| ${name} | ${subjects[subject].title} | failed: ${failure} | | | | |`
    const spread = `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`
    const { cpuMicroseconds, perSecond, p50, p99 } = sample
    const cells = [
      name,
      subjects[subject].title,
      spread,
      cpuMicroseconds.toFixed(0),
      perSecond.toFixed(0),
      p50.toFixed(1),
    ]
    return `| ${[...cells, p99.toFixed(1)].join(' | ')} |`
  })
  return [
    '| call | server | × floor | CPU µs | calls/s | p50 ms | p99 ms |',
    '| ---- | ------ | ------- | ------ | ------- | ------ | ------ |',
    ...rows,
  ].join('\n')
}
