import type { FastifyInstance } from 'fastify'
import { shedCalls } from '../overload/shed-calls.js'
import type { ConnectionLimits } from './connections/connection-limits.js'
import { takeTurns } from './connections/take-turns.js'
import { createHttpServer } from './create-http-server.js'

type HttpDeps = Parameters<typeof createHttpServer>[0]
type ShedDeps = Parameters<typeof shedCalls>[1]

/** What both listeners have in common. */
export type SharedDeps = Omit<HttpDeps, 'hidesAdministration' | 'turns'> & Omit<ShedDeps, 'requestDelay'>

export interface Apps {
  readonly app: FastifyInstance
  /** Serves everything, for the operator. Undefined if the public listener does. */
  readonly adminApp: FastifyInstance | undefined
}

/** An eighth of what the process can afford, and not more than operators and their collectors need. */
const adminShare = { part: 1 / 8, connections: 256 }

/**
 * The public listener, and one for administration if it has its own port, where no call is refused because of an
 * overload. They share the connections of the process.
 */
export function createApps(deps: SharedDeps, isSeparate: boolean): Apps {
  const turns = takeTurns()
  const execute = shedCalls(deps.execute, { ...deps, requestDelay: turns.delay })
  if (!isSeparate)
    return { app: createHttpServer({ ...deps, execute, turns, hidesAdministration: false }), adminApp: undefined }
  const { own, admin } = divide(deps.connectionLimits)
  const show = sumOf(deps.metrics.showOpenStreams)
  const metricsOf = (showOpenStreams: (count: number) => void) => ({ ...deps.metrics, showOpenStreams })
  return {
    app: createHttpServer({
      ...deps,
      execute,
      turns,
      connectionLimits: own,
      metrics: metricsOf(show()),
      metricsPolicy: undefined,
      hidesAdministration: true,
    }),
    adminApp: createHttpServer({
      ...deps,
      turns: takeTurns(),
      connectionLimits: admin,
      metrics: metricsOf(show()),
      secretScanning: undefined,
      hidesAdministration: false,
    }),
  }
}

function divide(limits: ConnectionLimits): { readonly own: ConnectionLimits; readonly admin: ConnectionLimits } {
  const connections = Math.max(1, Math.min(adminShare.connections, Math.floor(limits.connections * adminShare.part)))
  const heldBytes = Math.floor(limits.heldBytes * adminShare.part)
  return {
    own: { ...limits, connections: limits.connections - connections, heldBytes: limits.heldBytes - heldBytes },
    admin: { ...limits, connections, heldBytes },
  }
}

/** Shows the sum of what each listener counts. */
function sumOf(show: (count: number) => void): () => (count: number) => void {
  const counts: number[] = []
  return () => {
    const index = counts.push(0) - 1
    return (count) => {
      counts[index] = count
      show(counts.reduce((sum, one) => sum + one, 0))
    }
  }
}
