import { preparePrint } from '../answer/prepare-print.js'
import { printAnswer } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import { FailedError, UsageError } from '../errors.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { describeEnd, endTarget, KeptKey } from './end-target.js'
import { findNamed, findTargets, findToken, type Target } from './find-targets.js'
import { type Form, type Kind, kinds, recognizeForm } from './recognize.js'
import { connect, RefusedCall, type Service } from './service.js'

/** What `hallpass revoke` was given. */
export interface RevokeFlags {
  readonly as?: string
  readonly dryRun?: boolean
  readonly straddleAccountId?: string
}

/** Finds out what a text names, ends it and prints what ended. Exit 1 if it names nothing, or more than one thing. */
export async function revokeAnything(io: Io, globals: Globals, text: string, flags: RevokeFlags): Promise<number> {
  if (globals.apiKey === undefined) throw new UsageError('Required flag "api-key" not set, nor HALLPASS_API_KEY')
  if (/[\s\p{Cc}]/u.test(text) || text === '') throw new UsageError('Give one token or id, without spaces.')
  const as = readKind(flags.as)
  const print = await preparePrint(io, globals)
  const failure = await compileTransform('transform-error', globals.transformError)
  const service = connect(io, globals, flags.straddleAccountId)
  try {
    const target = onlyOne(
      as ? await targetsAs(service, text, as) : await findTargets(service, text, recognizeForm(text)),
    )
    const isDry = flags.dryRun === true
    const response = isDry ? {} : await endTarget(service, target, text)
    await print({ ...sayTarget(target), ends: describeEnd(target), dry_run: isDry, ...response })
    if (target.isCaller && !isDry) io.stderr.write('This was the key you called with. It no longer works.\n')
    return isDry || isCertain(target) ? 0 : reportInactive(io)
  } catch (error) {
    if (!(error instanceof RefusedCall)) throw error
    if (error instanceof KeptKey) io.stderr.write('What the key minted has ended, but the key still works.\n')
    return printAnswer(io, error.exchanged, { ...globals, transforms: { success: undefined, failure } })
  }
}

function readKind(as: string | undefined): Kind | undefined {
  const kind = kinds.find((one) => one === as)
  if (as !== undefined && !kind) throw new UsageError(`--as must be one of ${kinds.join(', ')}`)
  return kind
}

/** What the caller says it is. What is stored is looked up even so. */
async function targetsAs(service: Service, text: string, kind: Kind): Promise<readonly Target[]> {
  const form: Form = recognizeForm(text)
  if (kind === 'token') return [await findToken(service, text, form.is === 'token' ? form.kind : 'card')]
  if (form.is === 'token' || (form.is === 'secret-key' && kind !== 'api-key')) {
    throw new UsageError(`This is a token or a secret key, not the id of a ${kind}.`)
  }
  if (kind === 'user') return [{ kind, id: text }]
  if (kind === 'session' || kind === 'visitor') return [{ kind, id: text.toLowerCase() }]
  return (await findNamed(service, text)).filter((target) => target.kind === kind)
}

function onlyOne(targets: readonly Target[]): Target {
  const [target, ...others] = targets
  if (!target) {
    throw new FailedError(
      'Nothing was ended: no client key, secret key, customer, card or account of this account has this name, and it is not an active token. Sessions, visitors and users are not stored: if it is the id of one, add --as session, --as visitor or --as user.',
    )
  }
  if (others.length === 0) return target
  const meanings = targets.map(({ kind, id }) => `${kind} ${id}`).join(', ')
  throw new FailedError(`Nothing was ended: this can be ${meanings}. Say which one with --as, or give its id.`)
}

/** Never the text itself, which may be a secret. */
const sayTarget = ({ kind, id, active, tokenKind, isCaller = false }: Target) => ({
  kind: kind === 'token' ? `${tokenKind} token` : kind,
  ...(id === undefined ? {} : { id }),
  ...(isCaller ? { own_key: true } : {}),
  ...(active === undefined ? {} : { was_active: active }),
})

/** An expired session token, or a refresh token that was followed by another, still ends its session. */
const isCertain = ({ kind, active, tokenKind = '' }: Target) =>
  kind !== 'token' || active === true || ['widget-session', 'refresh'].includes(tokenKind)

function reportInactive({ stderr }: Io): number {
  stderr.write('The token was not active: it has expired, was used or revoked before, or is not of this account.\n')
  return 1
}
