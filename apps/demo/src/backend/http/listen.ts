import type { FastifyInstance } from 'fastify'
import { DemoError } from '../errors.js'

const host = '127.0.0.1'

/** A port, and the variable that moves it. */
export interface Port {
  readonly number: number
  readonly variable: string
}

/** Opens a site's port, on this machine only; returns its address. */
export async function listen(app: FastifyInstance, { number, variable }: Port): Promise<string> {
  try {
    return await app.listen({ host, port: number })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE') throw error
    throw new DemoError(`port ${number} on ${host} is in use; stop what uses it, or set ${variable} to another`)
  }
}
