import { isSecretName } from '@hallpass/contracts/core'
import type { Io } from '../io.js'
import type { WrittenFlags } from './declare-flags.js'

/** Warns a person, not a script, about a secret in the command line, where other users of the machine can see it. */
export function warnOfSecretFlag({ stderr }: Pick<Io, 'stderr'>, flag: string, written: unknown): void {
  if (!stderr.isTTY || typeof written !== 'string' || written.startsWith('@')) return
  stderr.write(`warning: other users of this machine can see --${flag}. Use --${flag} @file instead.\n`)
}

/** Calls {@link warnOfSecretFlag} for every secret flag of an operation, and warns about `--api-key`. */
export function warnOfSecrets(io: Pick<Io, 'stderr'>, { fields }: WrittenFlags, apiKeyByFlag: boolean): void {
  if (apiKeyByFlag && io.stderr.isTTY) {
    io.stderr.write('warning: other users of this machine can see --api-key. Use HALLPASS_API_KEY instead.\n')
  }
  for (const { of: field, read } of fields) {
    if (isSecretName(field.path.at(-1) ?? '')) warnOfSecretFlag(io, field.flag, read())
  }
}
