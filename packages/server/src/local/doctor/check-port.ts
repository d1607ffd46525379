import { createServer } from 'node:net'
import type { Config } from '../../config.js'
import { type Check, failed, messageOf, ok } from './check.js'

const what = 'port'
const timeoutMilliseconds = 2_000

/** Whether a server could listen, or already does. */
export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Check> {
  const error = await tryToListen(host, port)
  if (!error) return ok(what, port === 0 ? `any free one on ${host}` : `${port} on ${host} is free`)
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    if (await isHallpass(host, port)) return ok(what, `${port} on ${host}: Hallpass is running there`)
    return failed(what, `${port} on ${host} is used by another program`, 'Stop that program, or choose another --port.')
  }
  if (code === 'EACCES') {
    return failed(what, `this user may not use ${port} on ${host}`, 'Choose a --port of 1024 or above.')
  }
  return failed(what, `nothing can listen on ${host}: ${messageOf(error)}`, 'Choose a --host that this machine has.')
}

function tryToListen(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

async function isHallpass(host: string, port: number): Promise<boolean> {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  try {
    const response = await fetch(`http://${address}:${port}/health/live`, {
      signal: AbortSignal.timeout(timeoutMilliseconds),
    })
    return (await response.text()) === '{"status":"live"}'
  } catch {
    return false
  }
}
