import type { Request } from 'autocannon'
import type { Case, Work } from './cases.js'
import { type Flow, measure, type Sample } from './measure.js'
import { type Running, type SubjectName, startSubject } from './subjects.js'

/** One server doing the work of one case, over all rounds. */
export interface Series {
  readonly case: Case
  readonly subject: SubjectName
  readonly samples: Sample[]
  /** Why it was given up, such as a response with another status than expected. */
  failure?: string
}

export interface Plan {
  readonly rounds: number
  readonly seconds: number
  /** For work that uses up what was prepared: so many calls a round. */
  readonly amount: number
}

/**
 * Measures every case on every server in turn, again and again, so that what disturbs the machine disturbs all of them.
 * Ends early if `isEnough` says so after a round.
 */
export async function runRounds(
  cases: readonly Case[],
  plan: Plan,
  say: (line: string) => void,
  isEnough: (all: readonly Series[]) => boolean = () => false,
): Promise<Series[]> {
  const all = cases.flatMap((one) => subjectsOf(one).map((subject): Series => ({ case: one, subject, samples: [] })))
  const servers = new Map<SubjectName, Running>()
  try {
    for (const subject of new Set(all.map((series) => series.subject))) {
      servers.set(subject, await startSubject(subject))
      say(`started ${subject}`)
    }
    // the first round compiles the code of the servers, and isn't counted
    for (let round = 0; round <= plan.rounds; round++) {
      for (const series of all) {
        const server = servers.get(series.subject)
        const work = series.case.on[series.subject]
        if (!server || !work || series.failure !== undefined) continue
        try {
          const sample = await runOnce(server, work, series.case, plan)
          if (round > 0) series.samples.push(sample)
        } catch (error) {
          const failure = error instanceof Error ? error.message : String(error)
          say(`${series.case.name} on ${series.subject} failed: ${failure}`)
          // on a busy machine, the compilation can leave no time for a response
          if (round > 0) series.failure = failure
        }
      }
      say(round === 0 ? 'warmed up' : `round ${round} of ${plan.rounds}`)
      if (round > 0 && isEnough(all)) break
    }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }
  return all
}

const subjectsOf = ({ on }: Case) => Object.keys(on) as SubjectName[]

async function runOnce(server: Running, work: Work, { status = 200, calls = 1 }: Case, plan: Plan): Promise<Sample> {
  const sample = await measured()
  return { ...sample, cpuMicroseconds: sample.cpuMicroseconds / calls, perSecond: sample.perSecond * calls }

  async function measured(): Promise<Sample> {
    if (typeof work === 'function') return measure(server, work, { seconds: plan.seconds, status })
    const tokens = await work.prepare(server.url, plan.amount)
    let used = 0
    const take = (request: Request): Request => ({ ...request, ...work.use(tokens[used++] ?? '') })
    const flow: Flow = () => [{ ...work.use(''), setupRequest: take }]
    return measure(server, flow, { seconds: plan.seconds, amount: plan.amount, status })
  }
}
