import { preparePrint } from '../answer/prepare-print.js'
import { UsageError } from '../errors.js'
import { readAtFile } from '../flags/parse-value.js'
import { warnOfSecretFlag } from '../flags/warn-of-secrets.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { readDeclaration } from '../kinds/read-declaration.js'
import { describeInspection } from './describe-inspection.js'
import { inspectToken } from './inspect-token.js'
import { loadJwks } from './load-jwks.js'

/** The flags of `tokens inspect`. */
export interface InspectFlags {
  readonly token?: string
  readonly jwks?: string
  readonly issuer?: string
  readonly declaration?: string
}

/** Loads the keys, inspects the token and prints the result. Exits with 1 unless the token would be accepted. */
export async function printInspection(io: Io, globals: Globals, flags: InspectFlags): Promise<number> {
  const { format, color, transform } = globals
  const print = await preparePrint(io, { ...globals, format: format === 'auto' ? 'json' : format })
  if (flags.token === undefined) throw new UsageError('Missing required flag --token.')
  warnOfSecretFlag(io, 'token', flags.token)
  const keys = await loadJwks(io, { jwks: flags.jwks, issuer: flags.issuer }, globals)
  const declaration = flags.declaration === undefined ? undefined : readDeclaration(flags.declaration)
  const expected = { ...keys, declaration, now: Date.now() }
  const inspection = await inspectToken(readAtFile('--token', flags.token).trim(), expected)
  const humanReadable = io.stdout.isTTY && (format === 'auto' || format === 'pretty') && transform === undefined
  if (humanReadable) io.stdout.write(describeInspection(inspection, color))
  else await print(inspection)
  return inspection.verdict === 'accepted' ? 0 : 1
}
