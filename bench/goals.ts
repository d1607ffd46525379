import { bridgeMint, declaredMint } from './cases.js'
import type { SubjectName } from './subjects.js'
import type { Result } from './summarize.js'

/** What we want to reach, and what was measured. */
export type Goal = { readonly name: string; readonly measured: number } & (
  | { readonly atMost: number }
  | { readonly atLeast: number }
)

/** What a call should cost at most on SQLite, as a multiple of the floor. */
const mostOverFloor: Readonly<Record<string, number>> = {
  [bridgeMint]: 1.9,
  'bridge initialize, tRPC': 2.3,
  'bridge initialize, tRPC batch of 10, per call': 1.5,
  'bridge initialize, Idempotency-Key': 3.5,
  'guest session': 2.3,
  'user token': 2,
  exchange: 4,
  refresh: 3,
  'card token, mint and redeem, per call': 1.4,
  'introspect a card token': 1.5,
  'introspect a session, first time': 3.2,
  'introspect a session, again': 1.6,
  revoke: 2.5,
  'widget config': 2.5,
  JWKS: 1.6,
  'refused, 401': 1.2,
}

/** A part of the report, as lines of Markdown, and its goals. */
export interface Section {
  readonly lines: readonly string[]
  readonly goals: readonly Goal[]
}

/** The goals of the cases, on SQLite. */
export function goalsOf(results: readonly Result[]): Goal[] {
  const find = (name: string, subject: SubjectName) =>
    results.find((result) => result.name === name && result.subject === subject && result.failure === undefined)
  const ofFloor = Object.entries(mostOverFloor).flatMap(([name, atMost]): Goal[] => {
    const found = find(name, 'hallpass-sqlite')
    return found ? [{ name: `${name}, × floor`, atMost, measured: found.ratio.median }] : []
  })
  const bridge = find(bridgeMint, 'hallpass-sqlite')
  const versus = (name: string, atMost: number, one?: Result, other?: Result): Goal[] =>
    one && other ? [{ name, atMost, measured: one.sample.cpuMicroseconds / other.sample.cpuMicroseconds }] : []
  return [
    ...ofFloor,
    ...versus(`${bridgeMint}, × oidc-provider`, 0.55, bridge, find(bridgeMint, 'oidc-provider')),
    ...versus(`${declaredMint}, × ${bridgeMint}`, 1.1, find(declaredMint, 'hallpass-sqlite'), bridge),
  ]
}

export function goalTable(goals: readonly Goal[]): string[] {
  const rows = goals.map((goal) => {
    const [words, wanted, isMet] =
      'atMost' in goal
        ? ['at most', goal.atMost, goal.measured <= goal.atMost]
        : ['at least', goal.atLeast, goal.measured >= goal.atLeast]
    const measured = goal.measured.toFixed(goal.measured < 100 ? 2 : 0)
    return `| ${goal.name} | ${words} ${wanted} | ${measured} | ${isMet ? 'met' : 'missed'} |`
  })
  return ['| | goal | measured | |', '| --- | --- | --- | --- |', ...rows]
}
