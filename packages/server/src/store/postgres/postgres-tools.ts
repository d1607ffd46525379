import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { StartError } from '../../errors.js'
import { scopeSetting } from '../scope.js'
import { parsePostgresUrl } from './parse-postgres-url.js'

type Tool = 'pg_dump' | 'pg_restore'

interface ToolRun {
  readonly args: readonly string[]
  /** The variables of this process, such as the path of its programs. */
  readonly env: NodeJS.ProcessEnv
  /** The database to connect to. */
  readonly url?: string
  readonly onLine?: (line: string) => void
}

/**
 * Runs a client program of PostgreSQL and passes on each line of its output. The program sees every account, although
 * row-level security applies to its user. Throws a StartError with the reason if it is missing or fails.
 */
export async function runPostgresTool(tool: Tool, { args, env, url, onLine = () => {} }: ToolRun): Promise<void> {
  // the process list shows arguments, but not variables
  const variables = { ...env, ...(url === undefined ? {} : variablesOf(url)) }
  const child = spawn(tool, args, { env: variables, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new StartError(missing(tool), { cause })))
    child.once('close', resolve)
  })
  // awaited below, after the output
  ended.catch(() => {})
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-longestComplaint)
  })
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) onLine(line)
  if ((await ended) !== 0) throw new StartError(`${tool} failed: ${complaint.trim().replace(/\s+/g, ' ')}`)
}

const longestComplaint = 500

const missing = (tool: Tool) =>
  `${tool} is not installed. Install the client programs of PostgreSQL, in the server's version or a newer one.`

/** The settings of a `postgres://…` URL as the variables of libpq, in the meaning that they have here. */
function variablesOf(url: string): NodeJS.ProcessEnv {
  const { host = 'localhost', port, user, password, database, options } = parsePostgresUrl(url)
  const parameters = new URLSearchParams(url.split('?', 2)[1])
  const given = (name: string) => parameters.get(name) ?? undefined
  const mode = given('sslmode')
  return {
    PGHOST: host,
    PGPORT: port === undefined ? undefined : String(port),
    PGUSER: user,
    PGPASSWORD: typeof password === 'string' ? password : undefined,
    PGDATABASE: database,
    PGSSLMODE: mode === undefined ? undefined : (modes[mode] ?? mode),
    PGSSLROOTCERT: given('sslrootcert'),
    PGSSLCERT: given('sslcert'),
    PGSSLKEY: given('sslkey'),
    PGOPTIONS: `${options ?? ''} -c ${scopeSetting}=host`.trim(),
  }
}

/** These modes differ from libpq's: a server tries to connect only once. */
const modes: Readonly<Record<string, string>> = { allow: 'disable', prefer: 'require', 'no-verify': 'require' }
