import { isIPv6 } from 'node:net'
import { FailedError, UsageError } from '../errors.js'
import type { Io } from '../io.js'
import { loadServe, withServer } from '../local/with-server.js'
import { openDataFolder } from './data-folder.js'
import { describeStart } from './describe-start.js'
import { findPort } from './find-port.js'
import { sandbox } from './sandbox.js'
import { serveWidgets } from './widgets/serve-widgets.js'

export interface DevOptions {
  /** As written. Undefined: the first free port from 8787. */
  readonly port: string | undefined
  readonly host: string
  readonly widgets: boolean
  readonly widgetsPort: string | undefined
  readonly folder: string
  readonly reset: boolean
  /** Whether other machines may reach it. */
  readonly expose: boolean
  readonly logLevel: string
}

const firstPort = 8787

/** Runs the sandbox and the sample widgets until a signal arrives. Resolves to the exit code. */
export async function runDev(io: Io, options: DevOptions): Promise<number> {
  const { host, folder, expose } = options
  if (!expose && !isLoopback(host)) {
    throw new UsageError(
      `--host ${host} lets other machines connect, and everyone knows the keys of hallpass dev. Add --expose to allow it.`,
    )
  }
  const port = await portOf('--port', options.port, host, firstPort)
  const databaseUrl = openDataFolder(folder)
  // variables may point to a database of a running service, which must never contain these keys
  const env = {}
  // other machines could read what this one serves to itself
  const localIssuers = expose ? 'off' : 'on'
  const flags = {
    ...{ port: String(port), host, 'database-url': databaseUrl, 'log-level': options.logLevel, workers: '1' },
    'local-issuers': localIssuers,
  }
  if (options.reset) await withServer(async (server) => server.removeDatabase({ flags, env }))
  const url = urlOf(host, port)
  const widgets = options.widgets
    ? await serveWidgets({
        host,
        port: await portOf('--widgets', options.widgetsPort, host, port + 1),
        hallpassUrl: url,
        expose,
      })
    : undefined
  try {
    const { serve } = await loadServe()
    return await serve({
      flags: { ...flags, ...(widgets ? { 'widget-origins': widgets.origins.join(',') } : {}) },
      env,
      overrides: { fixture: sandbox, localHostOnly: !expose },
      onReady: (listening) => void announce(io, { url: listening, widgetsUrl: widgets?.url, folder, expose }),
    })
  } finally {
    widgets?.close()
  }
}

async function announce(io: Io, started: Omit<Parameters<typeof describeStart>[0], 'consoleUrl'>): Promise<void> {
  const consoleUrl = `${started.url}/console`
  const hasConsole = await io.fetch(consoleUrl).then(
    ({ ok }) => ok,
    () => false,
  )
  io.stdout.write(describeStart({ ...started, consoleUrl: hasConsole ? consoleUrl : undefined }))
}

/** The port that was asked for, or the first free one. 0 is any free port. */
async function portOf(flag: string, written: string | undefined, host: string, from: number): Promise<number> {
  const isValid = written === undefined || (/^\d{1,5}$/.test(written) && Number(written) <= 65_535)
  if (!isValid) throw new UsageError(`${flag} must be a whole number from 0 to 65535.`)
  if (written !== undefined && written !== '0') return Number(written)
  // a port that is free now is used at once
  const port = await findPort(host, written === '0' ? anyPort() : from)
  if (port !== undefined) return port
  throw new FailedError(`hallpass: No port from ${from} on is free. Set one with ${flag}.`)
}

/** In the range that operating systems use for this (RFC 6335 section 6). */
const anyPort = () => 49_152 + Math.floor(Math.random() * 16_000)

const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)

/** Other machines are asked to use a name of this one, so a wildcard address becomes localhost. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}
