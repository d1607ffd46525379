import { statSync } from 'node:fs'
import type { Config } from '../config.js'
import { keyFileOf } from '../crypto/master-key.js'

/**
 * A weakness of how the server is set up. In production it keeps the server from starting, elsewhere it is logged.
 * `hallpass doctor` reports it too.
 */
export interface Exposure {
  readonly what: 'configuration' | 'database' | 'master key'
  readonly found: string
  readonly fix: string
}

/** Whether exposures keep a server from starting: as its profile says, or because it has a production account. */
export const isProduction = ({ profile }: Pick<Config, 'profile'>, hasProductionAccount: boolean): boolean =>
  profile === undefined ? hasProductionAccount : profile === 'production'

const loopback = /^(127\.|\[?::1\]?$|localhost$)/
const othersMayAccess = 0o077

/** Whether others can reach the server without encryption, or at an address that its tokens don't name. */
function addressExposure({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): Exposure | undefined {
  const what = 'configuration'
  if (publicUrl === undefined && !loopback.test(host)) {
    const found = `it listens on ${host}, where others can reach it, but no public URL is set for its tokens to name`
    return { what, found, fix: 'Set HALLPASS_PUBLIC_URL to the origin at which others reach the service.' }
  }
  if (publicUrl?.startsWith('http:') && !loopback.test(new URL(publicUrl).hostname)) {
    return {
      what,
      found: `${publicUrl} is not encrypted`,
      fix: 'Serve it over https, and set HALLPASS_PUBLIC_URL to match.',
    }
  }
  return undefined
}

/** Whether requests that a proxy forwards from outside could read the metrics. */
function metricsExposure(
  config: Pick<Config, 'adminPort' | 'metricsPort' | 'metricsToken' | 'publicUrl' | 'trustProxy'>,
): Exposure | undefined {
  const { adminPort, metricsPort, metricsToken, publicUrl, trustProxy } = config
  const isPublic = (metricsPort ?? adminPort) === undefined
  const isOpen = !metricsToken && isPublic && publicUrl === undefined && trustProxy !== false
  if (!isOpen) return undefined
  return {
    what: 'configuration',
    found: 'a proxy on this machine can forward requests for /metrics, which needs no token',
    fix: 'Set HALLPASS_METRICS_TOKEN, HALLPASS_METRICS_PORT or HALLPASS_PUBLIC_URL.',
  }
}

/** Whether an account can make the server ask its own machine for keys. */
function localIssuersExposure({ localIssuers }: Pick<Config, 'localIssuers'>): Exposure | undefined {
  if (!localIssuers) return undefined
  return {
    what: 'configuration',
    found: 'administrators of accounts can make the server send requests to its own machine',
    fix: 'Set HALLPASS_LOCAL_ISSUERS to off.',
  }
}

/** What can be seen from the settings. Some of it is usual, and only noted for a server for production. */
export function settingsExposures(config: Config, strict: boolean): readonly Exposure[] {
  const found = [addressExposure(config), ...(strict ? [metricsExposure(config), localIssuersExposure(config)] : [])]
  return found.filter((exposure) => exposure !== undefined)
}

/** Whether the server keeps a master key that it made itself, beside the data that the key protects. */
export function masterKeyExposure({ masterKey }: Pick<Config, 'masterKey'>): Exposure | undefined {
  if (masterKey) return undefined
  return {
    what: 'master key',
    found: 'the server makes its own and keeps it beside the database',
    fix: 'Set HALLPASS_MASTER_KEY, and keep a copy of the key apart from the database.',
  }
}

/** Whether other users of this machine can read or change the files of the SQLite database. */
export function databaseFileExposure(path: string): Exposure | undefined {
  return fileExposure(
    'database',
    ['', '-wal', '-shm'].map((ending) => path + ending),
  )
}

/** Whether other users of this machine can read or change the key file, if the master key comes from one. */
export function keyFileExposure(path: string, { masterKey }: Pick<Config, 'masterKey'>): Exposure | undefined {
  return masterKey ? undefined : fileExposure('master key', [keyFileOf(path)])
}

function fileExposure(what: Exposure['what'], paths: readonly string[]): Exposure | undefined {
  const open = paths.filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & othersMayAccess) !== 0)
  if (open.length === 0) return undefined
  const names = open.join(' ')
  return { what, found: `other users of this machine can access ${names}`, fix: `chmod 600 ${names}` }
}

/** Whether the database user bypasses row-level security. */
export const unheldUserExposure = (place: string): Exposure => ({
  what: 'database',
  found: `${place}: row-level security does not apply to its user`,
  fix: 'Connect as a user that owns the database and is neither a superuser nor has BYPASSRLS.',
})
