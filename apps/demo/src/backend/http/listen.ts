import type { FastifyInstance } from 'fastify'
import { DemoError } from '../errors.js'

const host = '127.0.0.1'

/** A port, and the environment variable that sets it. */
export interface Port {
  readonly number: number
  readonly variable: string
}

/** Listens on a local port. Returns the site's URL. */
export async function listen(app: FastifyInstance, { number, variable }: Port): Promise<string> {
  try {
    return await app.listen({ host, port: number })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE') throw error
    throw new DemoError(
      `Port ${number} on ${host} is in use. Stop the process that uses it, or set ${variable} to another port.`,
    )
  }
}
