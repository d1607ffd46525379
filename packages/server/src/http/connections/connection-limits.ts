import { readFileSync } from 'node:fs'
import { report } from 'node:process'
import { getHeapStatistics } from 'node:v8'

/** The limits of each connection, and of all connections together. Times in milliseconds. */
export interface ConnectionLimits {
  /** The maximum number of connections. */
  readonly connections: number
  /** How many requests of one connection may be in progress before more are read. */
  readonly unansweredRequests: number
  /** The memory that all connections together may use: requests in progress, bodies, unread responses. */
  readonly heldBytes: number
  /** From the start of the connection, or the first byte of a request, to the end of the headers. */
  readonly headersTimeout: number
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeout: number
  /** If the peer reads nothing of a response for this long, the connection is closed. */
  readonly unreadTimeout: number
  /** How long a connection may wait for its next request. */
  readonly keepAliveTimeout: number
  /** How long a refused connection may take to read the reason. */
  readonly lingerTimeout: number
  /** How often connections are checked. Each time above may be exceeded by this much. */
  readonly checkInterval: number
}

const filesForOtherUse = 64
const bytesPerConnection = 32 * 1024
const minConnections = 16

export const connectionLimits: Omit<ConnectionLimits, 'connections'> = {
  unansweredRequests: 4,
  heldBytes: 64 * 1024 * 1024,
  headersTimeout: 9_000,
  requestTimeout: 13_000,
  unreadTimeout: 15_000,
  keepAliveTimeout: 72_000,
  lingerTimeout: 1_000,
  checkInterval: 500,
}

/** How many connections a process can handle with its open files (`ulimit -n`) and its heap. */
export function affordableConnections(openFiles = openFilesLimit(), heapBytes = getHeapStatistics().heap_size_limit) {
  const byFiles = openFiles - filesForOtherUse
  const byMemory = Math.floor(heapBytes / bytesPerConnection)
  return { openFiles, connections: Math.max(minConnections, Math.min(byFiles, byMemory)) }
}

/** The process's own limit. Infinity if it has none or the system doesn't report it. */
function openFilesLimit(): number {
  const limit = /^Max open files +(\d+)/m.exec(readLimits())?.[1] ?? reportedLimit()
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
}

/** On Linux, a hundred times faster than a report. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}

function reportedLimit(): number | undefined {
  // typed as an object only: https://nodejs.org/api/report.html describes its contents
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : undefined
}
