import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of a process and its threads, in microseconds, as Linux counts it. */
export function readCpu(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1000
}

/** The ids of the processes that a process has started. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

/** CPU time of each process that a process has started, in microseconds, by its id. */
export function readCpuOfChildren(pid: number): ReadonlyMap<number, number> {
  const spent = new Map<number, number>()
  for (const child of childrenOf(pid)) {
    try {
      spent.set(child, readCpu(child))
    } catch {
      // it has ended meanwhile
    }
  }
  return spent
}

/** The CPU time that each child has spent since. Those that ended or began meanwhile don't count. */
export function spentByChildren(pid: number, before: ReadonlyMap<number, number>): number[] {
  return [...readCpuOfChildren(pid)].flatMap(([child, cpu]) => {
    const earlier = before.get(child)
    return earlier === undefined ? [] : [cpu - earlier]
  })
}

export const parentOf = (pid: number): number =>
  Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
