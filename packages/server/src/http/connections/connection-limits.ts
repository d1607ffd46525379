import { readFileSync } from 'node:fs'
import { report } from 'node:process'
import { getHeapStatistics } from 'node:v8'

/** What a connection, and all of them together, may cost. Times in milliseconds. */
export interface ConnectionLimits {
  /** Connections at one time. */
  readonly connections: number
  /** Requests of one connection that may wait for their responses before more are read. */
  readonly unansweredRequests: number
  /** How much is read of a connection at once; so a burst of requests in one packet is seen one by one. */
  readonly sliceBytes: number
  /** Memory that all connections together may hold: requests in progress, bodies, unread responses. */
  readonly heldBytes: number
  /** From the connection, or the first byte of a request, to the end of its headers. */
  readonly headersTimeout: number
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeout: number
  /** A response of which the peer reads nothing for this long ends, with its connection. */
  readonly unreadTimeout: number
  /** A connection that has been used may wait this long for its next request. */
  readonly keepAliveTimeout: number
  /** How long a refused connection may take to read why. */
  readonly lingerTimeout: number
  /** How often connections are looked at; each time above may be exceeded by this much. */
  readonly checkInterval: number
}

const filesForOtherUse = 64
const bytesPerConnection = 32 * 1024
const minConnections = 16

export const connectionLimits: Omit<ConnectionLimits, 'connections'> = {
  unansweredRequests: 4,
  sliceBytes: 128,
  heldBytes: 64 * 1024 * 1024,
  headersTimeout: 9_000,
  requestTimeout: 13_000,
  unreadTimeout: 15_000,
  keepAliveTimeout: 72_000,
  lingerTimeout: 1_000,
  checkInterval: 500,
}

/** How many connections a process can afford, by its open files (`ulimit -n`) and its heap. */
export function affordableConnections(openFiles = openFilesLimit(), heapBytes = getHeapStatistics().heap_size_limit) {
  const byFiles = openFiles - filesForOtherUse
  const byMemory = Math.floor(heapBytes / bytesPerConnection)
  return { openFiles, connections: Math.max(minConnections, Math.min(byFiles, byMemory)) }
}

/** The process's own limit. Infinity where it has none, or the system doesn't say. */
function openFilesLimit(): number {
  const limit = /^Max open files +(\d+)/m.exec(readLimits())?.[1] ?? reportedLimit()
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
}

/** On Linux: a hundred times faster than a report. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}

function reportedLimit(): number | undefined {
  // typed as an object only: https://nodejs.org/api/report.html shows what is in it
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : undefined
}
