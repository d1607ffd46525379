import { statSync } from 'node:fs'
import type { Config } from '../config.js'
import { keyFileOf } from '../crypto/master-key.js'

/** A weakness that doesn't stop the server but needs a fix. `hallpass doctor` and every start report it. */
export interface Exposure {
  readonly what: 'configuration' | 'database' | 'master key'
  readonly found: string
  readonly fix: string
}

const loopback = /^(127\.|\[?::1\]?$|localhost$)/
const othersMayAccess = 0o077

/** Whether others can reach the server without encryption, or at an address that its tokens don't name. */
export function addressExposure({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): Exposure | undefined {
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
