import { preparePrint } from '../answer/prepare-print.js'
import { printAnswer } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import { FailedError, UsageError } from '../errors.js'
import { missingApiKey } from '../flags/check-input.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { describeEnd, endTarget, KeptKey } from './end-target.js'
import { findNamed, findTargets, findToken, type Target } from './find-targets.js'
import { type Kind, kinds } from './kinds.js'
import { type Form, recognizeForm } from './recognize.js'
import { connect, RefusedCall, type Service } from './service.js'

/** The flags of `hallpass revoke`. */
export interface RevokeFlags {
  readonly as?: string
  readonly dryRun?: boolean
  readonly straddleAccountId?: string
}

/** Finds the target of a text, ends it and prints what ended. Exits with 1 unless there is exactly one target. */
export async function revokeAnything(io: Io, globals: Globals, text: string, flags: RevokeFlags): Promise<number> {
  if (globals.apiKey === undefined) throw new UsageError(missingApiKey)
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
    await print({ ...printableTarget(target), ends: describeEnd(target), dry_run: isDry, ...response })
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
  if (as !== undefined && !kind) throw new UsageError(`--as must be one of ${kinds.join(', ')}.`)
  return kind
}

/** Trusts the kind that the caller gives, but still looks up everything that is stored. */
async function targetsAs(service: Service, text: string, kind: Kind): Promise<readonly Target[]> {
  const form: Form = recognizeForm(text)
  if (kind === 'token') return [await findToken(service, text, form.is === 'token' ? form.kind : 'card')]
  if (form.is === 'token' || (form.is === 'secret-key' && kind !== 'api-key')) {
    throw new UsageError(`This is a token or a secret key, not the id of a ${kind}.`)
  }
  if (kind === 'user' || kind === 'subject' || kind === 'resource') return [{ kind, id: text }]
  if (kind === 'session' || kind === 'visitor') return [{ kind, id: text.toLowerCase() }]
  return (await findNamed(service, text)).filter((target) => target.kind === kind)
}

function onlyOne(targets: readonly Target[]): Target {
  const [target, ...others] = targets
  if (!target) {
    throw new FailedError(
      'Nothing was ended: it is not an active token, and this account has no client key, secret key, customer, card, declared kind or child account with this name. Sessions, visitors, users, and subjects and resources of declared kinds are not stored. If it is the id of one, add --as session, --as visitor, --as user, --as subject or --as resource.',
    )
  }
  if (others.length === 0) return target
  const matches = targets.map(({ kind, id }) => `${kind} ${id}`).join(', ')
  throw new FailedError(
    `Nothing was ended, because this matches more than one thing: ${matches}. Select one with --as, or give its id.`,
  )
}

/** Leaves out the text itself, which may be a secret. */
const printableTarget = ({ kind, id, active, tokenKind, isCaller = false }: Target) => ({
  kind: kind === 'token' ? `${tokenKind} token` : kind,
  ...(id === undefined ? {} : { id }),
  ...(isCaller ? { own_key: true } : {}),
  ...(active === undefined ? {} : { was_active: active }),
})

/** Even an expired session token or a used refresh token ends its session. */
const isCertain = ({ kind, active, tokenKind = '' }: Target) =>
  kind !== 'token' || active === true || ['widget-session', 'refresh'].includes(tokenKind)

function reportInactive({ stderr }: Io): number {
  stderr.write(
    'The token was not active. It has expired, was already used or revoked, or belongs to another account.\n',
  )
  return 1
}
