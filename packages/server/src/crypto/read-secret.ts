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
  const [value, path] = [env[name] || undefined, env[`${name}_FILE`] || undefined]
  if (value !== undefined && path !== undefined) {
    throw new StartError(`${name} and ${name}_FILE are both set. Set only one of them.`)
  }
  if (value !== undefined) return value
  if (path !== undefined) return readFile(path, `${name}_FILE`)
  return env.CREDENTIALS_DIRECTORY ? readCredential(join(env.CREDENTIALS_DIRECTORY, name), name) : undefined
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
