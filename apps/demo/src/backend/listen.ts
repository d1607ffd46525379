import type { FastifyInstance } from 'fastify'
import { DemoError } from './errors.js'

const host = '127.0.0.1'

/** Opens the backend's port, on this machine only; returns its address. */
export async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE') throw error
    throw new DemoError(`port ${port} on ${host} is in use; stop what uses it, or set DEMO_PORT to another`)
  }
}
