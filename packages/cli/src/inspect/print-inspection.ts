import { preparePrint } from '../answer/prepare-print.js'
import { UsageError } from '../errors.js'
import { readAtFile } from '../flags/parse-value.js'
import { warnOfSecretFlag } from '../flags/warn-of-secrets.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { describeInspection } from './describe-inspection.js'
import { findKeys } from './find-keys.js'
import { inspectToken } from './inspect-token.js'

/** What `tokens inspect` was given. */
export interface InspectFlags {
  readonly token?: string
  readonly jwks?: string
  readonly issuer?: string
}

/** Finds the keys, examines the token and prints what came of it. Exit 1 unless it would be accepted. */
export async function printInspection(io: Io, globals: Globals, flags: InspectFlags): Promise<number> {
  const { format, colour, transform } = globals
  const print = await preparePrint(io, { ...globals, format: format === 'auto' ? 'json' : format })
  if (flags.token === undefined) throw new UsageError('Required flag "token" not set')
  warnOfSecretFlag(io, 'token', flags.token)
  const keys = await findKeys(io, { jwks: flags.jwks, issuer: flags.issuer }, globals)
  const inspection = await inspectToken(readAtFile('--token', flags.token).trim(), { ...keys, now: Date.now() })
  const inWords = io.stdout.isTTY && (format === 'auto' || format === 'pretty') && transform === undefined
  if (inWords) io.stdout.write(describeInspection(inspection, colour))
  else await print(inspection)
  return inspection.verdict === 'accepted' ? 0 : 1
}
