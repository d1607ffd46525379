import { isSecretName } from '@hallpass/contracts/core'
import type { Io } from '../io.js'
import type { WrittenFlags } from './declare-flags.js'

/** Warns a person, not a script, of a secret that stands in the command line, where others on the machine can read it. */
export function warnOfSecretFlag({ stderr }: Pick<Io, 'stderr'>, flag: string, written: unknown): void {
  if (!stderr.isTTY || typeof written !== 'string' || written.startsWith('@')) return
  stderr.write(`warning: --${flag} can be read by others on this machine; --${flag} @file cannot\n`)
}

/** {@link warnOfSecretFlag}, for the key and every flag of an operation. */
export function warnOfSecrets(io: Pick<Io, 'stderr'>, { fields }: WrittenFlags, apiKeyByFlag: boolean): void {
  if (apiKeyByFlag && io.stderr.isTTY) {
    io.stderr.write('warning: --api-key can be read by others on this machine; HALLPASS_API_KEY cannot\n')
  }
  for (const { of: field, read } of fields) {
    if (isSecretName(field.path.at(-1) ?? '')) warnOfSecretFlag(io, field.flag, read())
  }
}
