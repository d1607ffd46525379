import { cpus } from 'node:os'
import { wrapped } from '../scripts/wrapped.js'
import { guestSession } from './cases.js'
import { childrenOf } from './cpu.js'
import type { Section } from './goals.js'
import { median, usualConnections } from './measure.js'
import { hasTaskset, moveToCore, startHallpass } from './subjects.js'
import { hasWrk, loadWithWrk } from './wrk.js'

const seconds = 2
const rounds = 5
/** The first rounds compile the code. */
const uncounted = 3

/**
 * Compares the calls per second of one process on the first core with those of two workers, each on a core of its own.
 * The load takes a part of the second core, so it comes from wrk, which takes little. Guest sessions need PostgreSQL for
 * no call, because it would need a core too. The rounds alternate, because the machine is not equally fast all the time.
 */
export async function workers(): Promise<Section> {
  if (!hasWrk || !hasTaskset || cpus().length < 2)
    return { lines: ['Two workers were not measured: that needs two cores, taskset and wrk.'], goals: [] }
  const one = await startHallpass('postgres')
  const two = await startHallpass('postgres', { workers: 2 })
  for (const [index, worker] of childrenOf(two.pid).entries()) moveToCore(worker, index % 2)
  const found: { times: number; alone: number; both: number; load: number }[] = []
  for (let round = 0; round < uncounted + rounds; round++) {
    const alone = await loadWithWrk(guestSession, { url: one.url, connections: usualConnections, seconds, cores: '1' })
    const both = await loadWithWrk(guestSession, {
      url: two.url,
      connections: 2 * usualConnections,
      seconds,
      cores: '0,1',
    })
    const sample = { alone: alone.perSecond, both: both.perSecond, load: both.cores }
    if (round >= uncounted) found.push({ ...sample, times: both.perSecond / alone.perSecond })
  }
  await one.stop()
  await two.stop()
  const [times, alone, both, load] = (['times', 'alone', 'both', 'load'] as const).map((name) =>
    median(found.map((sample) => sample[name])),
  ) as [number, number, number, number]
  const all = found.map((sample) => sample.times)
  const range = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`
  return {
    lines: [
      wrapped(
        `Two workers, each on a core of its own, answer ${times.toFixed(2)} times as many calls a second as one process on one core: ${both.toFixed(0)} instead of ${alone.toFixed(0)} (guest sessions, PostgreSQL, ${usualConnections} connections for each process, medians of ${rounds} rounds in turn, ${range} times). The load comes from wrk and wasn't the limit: it waited for responses, and used ${(load * 100).toFixed(0)} % of one of the two cores. The workers had to do without that part. Workers share no lock and no memory, only PostgreSQL.`,
      ),
    ],
    goals: [{ name: 'two workers, as a multiple of one process', atLeast: 1.8, measured: times }],
  }
}
