import { wrapped } from '../scripts/wrapped.js'
import { bridgeInitialize } from './cases.js'
import { readCpuOfChildren, spentByChildren } from './cpu.js'
import type { Section } from './goals.js'
import { measure, median, usualConnections } from './measure.js'
import { startHallpass } from './subjects.js'

const seconds = 1.5
const rounds = 3

/**
 * Two workers would have two cores, and the load and PostgreSQL need one too. So this doesn't compare calls per second.
 * Both workers run on the core of the one process, where they are as busy as it is, and the CPU time of a call shows what
 * the second one costs. Processes share no memory, so on a core of their own, they do as much. The rounds alternate,
 * because the machine is not equally fast all the time.
 */
export async function workers(): Promise<Section> {
  const one = await startHallpass('postgres')
  const two = await startHallpass('postgres', { workers: 2 })
  const alone: number[] = []
  const shared: number[] = []
  const spent: number[] = [0, 0]
  const loads: number[] = []
  for (let round = 0; round <= 2 * rounds; round++) {
    const single = await measure(one, bridgeInitialize, { seconds })
    const before = readCpuOfChildren(two.pid)
    const ownCpu = process.cpuUsage()
    const started = performance.now()
    const { calls, cpuMicroseconds: ofPrimary } = await measure(two, bridgeInitialize, {
      seconds,
      connections: 2 * usualConnections,
    })
    const { user, system } = process.cpuUsage(ownCpu)
    const load = (user + system) / 1000 / (performance.now() - started)
    const each = spentByChildren(two.pid, before)
    // the first round compiles the code
    if (round === 0) continue
    loads.push(load)
    alone.push(single.cpuMicroseconds)
    shared.push(each.reduce((sum, cpu) => sum + cpu, 0) / calls + ofPrimary)
    for (const [i, cpu] of each.entries()) spent[i] = (spent[i] ?? 0) + cpu
  }
  await one.stop()
  await two.stop()
  const busiest = Math.max(...spent) / spent.reduce((sum, cpu) => sum + cpu, 0)
  const [cost, costOfTwo] = [median(alone), median(shared)]
  const times = cost / costOfTwo / busiest
  return {
    lines: [
      wrapped(
        `Two workers answer ${times.toFixed(2)} times as many calls as one process if each has a core: a call takes ${costOfTwo.toFixed(0)} µs of CPU time instead of ${cost.toFixed(0)}, and the busier worker does ${(busiest * 100).toFixed(0)} % of the work (bridge initialize, PostgreSQL, as many connections for each). This is computed from the CPU time of the processes on one core, because the load and PostgreSQL take the other one: the load was busy for ${(median(loads) * 100).toFixed(0)} % of the time. Workers share no lock and no memory, only PostgreSQL.`,
      ),
    ],
    goals: [{ name: 'two workers, as a multiple of one process', atLeast: 1.8, measured: times }],
  }
}
