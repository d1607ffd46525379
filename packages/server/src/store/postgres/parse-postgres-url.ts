import { createSecureContext } from 'node:tls'
import type { ClientConfig } from 'pg'
import { type ConnectionOptions, parse, toClientConfig } from 'pg-connection-string'
import { StartError } from '../../errors.js'
import { systemCertificates } from './system-certificates.js'

const usualSetting = '--database-url (HALLPASS_DATABASE_URL)'
/** `no-verify` is pg's own name for `require` without a CA file. */
const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

const parsed = new Map<string, ClientConfig>()

/**
 * The settings in a `postgres://…` URL. They are read once, together with the files that the URL names: making a
 * connection later reads no file and can't fail because of one. Throws a StartError, which never quotes the URL, because
 * it may contain a password.
 */
export function parsePostgresUrl(url: string, setting = usualSetting): ClientConfig {
  const known = parsed.get(url)
  if (known) return known
  try {
    const config = readUrl(url)
    parsed.set(url, config)
    return config
  } catch (error) {
    throw error instanceof StartError ? new StartError(`${setting} ${error.message}`) : error
  }
}

/** Where a database is, without user and password. */
export function addressOf(url: string): string {
  const { host, port, database } = parsePostgresUrl(url)
  const place = host?.startsWith('/') ? `the socket in ${host}` : `${host}${port === undefined ? '' : `:${port}`}`
  return `${place || 'localhost'}/${database ?? ''}`
}

function readUrl(url: string): ClientConfig {
  const { address, parameters } = splitUrl(url)
  const mode = parameters.get('sslmode')
  const root = parameters.get('sslrootcert')
  requireSsl(mode, root)
  // handled below: the parser doesn't know this value and would read a file with this name
  if (root === 'system') parameters.delete('sslrootcert')
  // libpq's meaning always applies, and the parser rejects a repeated parameter
  parameters.delete('uselibpqcompat')
  const config = clientConfigOf(`${address}?${parameters}`)
  if (config.host?.includes(','))
    throw wrong('names several hosts; give one, or the address of a proxy in front of them')
  if (config.port !== undefined && !(config.port >= 1 && config.port <= 65_535)) {
    throw wrong('has an invalid port; it must be a number from 1 to 65535')
  }
  return { ...config, ssl: sslOf(config, mode, root) }
}

function splitUrl(url: string): { address: string; parameters: URLSearchParams } {
  const [address = '', query] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  const twice = [...parameters.keys()].find((name) => parameters.getAll(name).length > 1)
  if (twice !== undefined) throw wrong(`has the parameter ${twice} twice`)
  return { address, parameters }
}

function requireSsl(mode: string | null, root: string | null): void {
  if (mode !== null && !sslModes.includes(mode)) {
    throw wrong(`has an unknown sslmode; it must be one of ${sslModes.slice(0, -1).join(', ')}`)
  }
  if (mode === 'verify-ca' && root === null) {
    throw wrong('has sslmode=verify-ca without sslrootcert; name the CA file, or use sslmode=verify-full')
  }
  if (root === 'system' && mode !== null && mode !== 'verify-full') {
    throw wrong('has sslrootcert=system, which requires sslmode=verify-full')
  }
}

function clientConfigOf(url: string): ClientConfig {
  let options: ConnectionOptions
  try {
    options = parse(url, { useLibpqCompat: true })
  } catch (error) {
    if (!(error instanceof Error) || !('path' in error)) {
      throw wrong('is not a valid URL; percent-encode special characters in the user name and password')
    }
    throw wrong(`names the file ${error.path}, which can't be read (${'code' in error ? error.code : 'unreadable'})`)
  }
  try {
    return { ...toClientConfig(options) }
  } catch {
    throw wrong('has an invalid port; it must be a number from 1 to 65535')
  }
}

function sslOf({ host, ssl }: ClientConfig, mode: string | null, root: string | null): ClientConfig['ssl'] {
  // PostgreSQL doesn't speak TLS on a socket of the machine, and one attempt is made, so nothing falls back to TLS
  if (host?.startsWith('/') || mode === 'allow' || mode === 'disable') return false
  if (root === 'system') return { ca: systemCertificates() }
  if (mode === 'no-verify') return { rejectUnauthorized: false }
  if (typeof ssl !== 'object') return ssl
  if (typeof ssl.ca === 'string' && !ssl.ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw wrong('names an sslrootcert without a certificate; it must be a PEM file')
  }
  try {
    createSecureContext(ssl)
  } catch {
    throw wrong('names a certificate or key (sslrootcert, sslcert, sslkey) that is not valid PEM')
  }
  return { ...ssl }
}

/** What is wrong with the setting, without its name. */
const wrong = (problem: string) => new StartError(`${problem}.`)
