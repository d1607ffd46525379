import autocannon, { type Client, type Request } from 'autocannon'
import { readCpu } from './cpu.js'
import type { Running } from './subjects.js'

/** What a client does, again and again: one request or several in turn. Each connection gets its own. */
export type Flow = () => Request[]

/** What one round of a case costs. */
export interface Sample {
  readonly calls: number
  readonly cpuMicroseconds: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

export const usualConnections = 64

interface Load {
  readonly seconds: number
  readonly amount?: number
  readonly rate?: number
  readonly status?: number
  readonly connections?: number
}

/** Sends requests for a time, or a number of them, at most `rate` a second, and reads what CPU time the server spent meanwhile. */
export async function measure(
  { url, pid }: Running,
  flow: Flow,
  { seconds, amount, rate, status = 200, connections = usualConnections }: Load,
): Promise<Sample> {
  const times: number[] = []
  const unexpected = new Map<number, number>()
  let last = 0
  const setupClient = (client: Client) => {
    client.setRequests(flow())
    client.on('response', (code: number, _bytes: number, milliseconds: number) => {
      times.push(milliseconds)
      last = performance.now()
      if (code !== status) unexpected.set(code, (unexpected.get(code) ?? 0) + 1)
    })
  }
  const paced = rate === undefined ? {} : { overallRate: rate }
  const load = {
    url,
    connections,
    setupClient,
    // seconds; a busy machine is slow
    timeout: 60,
    ...paced,
    ...(amount === undefined ? { duration: seconds } : { amount }),
  }
  const cpu = readCpu(pid)
  const started = performance.now()
  const { errors } = await autocannon(load)
  const spent = readCpu(pid) - cpu
  if (errors > 0 || unexpected.size > 0) {
    const statuses = [...unexpected].map(([code, count]) => `${count} × ${code}`)
    throw new Error([`${errors} errors`, ...statuses].join(', '))
  }
  if (times.length === 0) throw new Error('no response in time')
  // not until autocannon ends, which it does at whole seconds only
  const elapsed = (last - started) / 1000
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor(part * (times.length - 1))] ?? 0
  const calls = times.length
  return { calls, cpuMicroseconds: spent / calls, perSecond: calls / elapsed, p50: at(0.5), p99: at(0.99) }
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2
}
