import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { wrapped } from '../scripts/wrapped.js'
import type { Section } from './goals.js'
import { median } from './measure.js'
import { startHallpass } from './subjects.js'

const command = fileURLToPath(new URL('../packages/cli/bin/hallpass.js', import.meta.url))
const rounds = 10
const starts = 5

/** How long `hallpass serve` takes until it listens, and what the help of a command costs beside Node itself. */
export async function startTimes(): Promise<Section> {
  const [node, help, ready]: number[][] = [[], [], []]
  // in turn, so that what disturbs the machine disturbs both
  for (let round = 0; round < rounds; round++) {
    node?.push(cpuOf(['-e', '0']))
    help?.push(cpuOf([command, 'bridge', 'initialize', '--help']))
  }
  for (let start = 0; start < starts; start++) {
    const server = await startHallpass('sqlite')
    ready?.push(server.readyCpu)
    await server.stop()
  }
  const [ofNode, ofHelp, untilReady] = [median(node ?? []), median(help ?? []), median(ready ?? [])]
  const text = `\`hallpass serve\` listens after ${untilReady.toFixed(0)} ms of CPU time, with a new database. \`hallpass bridge initialize --help\` takes ${ofHelp.toFixed(0)} ms of CPU time, and \`node -e 0\` ${ofNode.toFixed(0)}.`
  return {
    lines: ['## Start times', '', wrapped(text)],
    goals: [
      { name: 'serve ready, ms of CPU time', atMost: 400, measured: untilReady },
      { name: 'bridge initialize --help, × node -e 0', atMost: 2, measured: ofHelp / ofNode },
    ],
  }
}

/** CPU time of a Node process until it has ended, in milliseconds. */
function cpuOf(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null'
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], { encoding: 'utf8' })
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number)
  return (user + system) * 1000
}
