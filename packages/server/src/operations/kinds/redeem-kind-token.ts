import type { kindsRedeem, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { isoTime } from '../../iso-time.js'
import type { Store } from '../../store/store.js'
import { type FindDeps, findKindToken, type KindToken } from './find-kind-token.js'

type Input = ParsedInputOf<typeof kindsRedeem>

interface Deps extends FindDeps {
  readonly store: FindDeps['store'] & Pick<Store, 'redeemKindToken'>
}

/** Uses a token of a declared kind once. What a token is for never changes; whether it is used, one write decides. */
export const redeemKindToken = { run, sandboxErrors: { already_used: () => alreadyUsed(), revoked: () => revoked() } }

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof kindsRedeem>> {
  const token = await findKindToken(deps, input.token)
  if (!token || token.kind !== input.kind) throw notFound()
  const before = refusalOf(token)
  if (before) throw before
  if (input.resource !== undefined && input.resource !== token.resource)
    throw new HallpassError('token_wrong_resource', messages.otherResource)
  if (input.action !== undefined && !token.actions.includes(input.action))
    throw new HallpassError('token_action_not_allowed', messages.otherAction)
  const now = deps.clock.now()
  const usesLeft = token.rowKey === undefined ? null : await spend(deps, input, token.rowKey, now)
  const { kind, subject, resource, actions, claims } = token
  return { kind, subject, resource, actions: [...actions], claims, uses_left: usesLeft, redeemed_at: isoTime(now) }
}

async function spend(deps: Deps, input: Input, rowKey: string, now: number): Promise<number | null> {
  const spent = await deps.store.redeemKindToken(deps.account.id, rowKey, now)
  if (spent) return spent.usesLeft
  // another call was faster, or it has ended meanwhile
  const token = await findKindToken(deps, input.token)
  throw (token && refusalOf(token)) ?? notFound()
}

function refusalOf({ isEnded, isUsedUp, isExpired }: KindToken): HallpassError | undefined {
  if (isEnded) return revoked()
  if (isUsedUp) return alreadyUsed()
  return isExpired ? new HallpassError('token_expired', messages.kindTokenExpired) : undefined
}

const notFound = () => new HallpassError('not_found', messages.notInAccount('token'))
const alreadyUsed = () => new HallpassError('token_already_used', messages.kindTokenUsed)
const revoked = () => new HallpassError('token_revoked', messages.kindTokenRevoked)
