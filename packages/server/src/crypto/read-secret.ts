import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeText } from '@hallpass/contracts'
import { StartError } from '../errors.js'

type Env = Readonly<NodeJS.ProcessEnv>

/**
 * A secret setting: from its variable, from the file that the variable with `_FILE` names (Docker, Kubernetes), or from
 * the credential of this name that systemd passes. A line break at the end of a file isn't part of the secret.
 */
export function readSecret(env: Env, name: string): string | undefined {
  const value = env[name] || undefined
  const path = env[`${name}_FILE`] || undefined
  const credential = env.CREDENTIALS_DIRECTORY ? readCredential(join(env.CREDENTIALS_DIRECTORY, name), name) : undefined
  const sources = [
    value !== undefined && name,
    path !== undefined && `${name}_FILE`,
    credential !== undefined && `the credential ${name}`,
  ].filter((source) => source !== false)
  if (sources.length > 1) throw new StartError(`${sources.join(' and ')} are both set. Set only one of them.`)
  return path === undefined ? (value ?? credential) : readFile(path, `${name}_FILE`)
}

function readFile(path: string, variable: string): string {
  try {
    const text = decodeText(readFileSync(path)).trim()
    if (text !== '') return text
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'not UTF-8'
    throw new StartError(`${variable} names the file ${path}, which can't be read (${code}).`, { cause })
  }
  throw new StartError(`${variable} names the file ${path}, which is empty.`)
}

/** systemd passes only the credentials that a unit names. */
function readCredential(path: string, name: string): string | undefined {
  try {
    return readFile(path, `The credential ${name}`)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw error
  }
}
