import { spawnSync } from 'node:child_process'

/** What the smallest of Node's programs takes on a machine that has nothing else to do. */
const quietMilliseconds = 60

/** How many times longer a process takes just now than on a quiet machine, at least 1: what a stated time is stretched by. */
export function slowness(): number {
  const started = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return Math.max(1, (performance.now() - started) / quietMilliseconds)
}
