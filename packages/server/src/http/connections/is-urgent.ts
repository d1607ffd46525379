import { type Operation, operations } from '@hallpass/contracts'

/** The paths of calls of high priority, over both transports, and of probes. */
const urgentPaths: ReadonlySet<string> = new Set([
  '/health/live',
  '/health/ready',
  ...Object.values<Operation>(operations)
    .filter(({ priority }) => priority === 'high')
    .flatMap(({ id, paths }) => [...paths, `/trpc/${id}`]),
])

/** Longer than any of them, with its method. */
const longestStart = 100

/** Whether a packet begins with a request that goes before others. Only its first line is read. */
export function isUrgent(packet: Buffer): boolean {
  const start = packet.toString('latin1', 0, longestStart)
  const path = /^[A-Z]+ ([^ ?]+)[ ?]/.exec(start)?.[1]
  return path !== undefined && urgentPaths.has(path)
}
