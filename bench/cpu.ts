import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of a process and its threads, in microseconds, as Linux counts it. */
export function readCpu(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1000
}

/** CPU time of each process that a process has started, in microseconds. */
export function readCpuOfChildren(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children.map((child) => readCpu(Number(child)))
}
