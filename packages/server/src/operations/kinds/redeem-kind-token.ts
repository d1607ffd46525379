import type { kindsRedeem, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { isoTime } from '../../iso-time.js'
import type { Store } from '../../store/store.js'
import { tokenFact } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'
import { type FindDeps, findKindToken, type KindToken } from './find-kind-token.js'

type Input = ParsedInputOf<typeof kindsRedeem>

type Redeeming = Pick<Store, 'redeemKindToken'>

interface Deps extends FindDeps {
  readonly clock: TellDeps['clock']
  readonly store: FindDeps['store'] & Redeeming & TellDeps<Redeeming>['store']
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
  const usesLeft = hasRow(token) ? await spend(deps, input, token, now) : null
  const { kind, subject, resource, actions, claims, by } = token
  const page = 'client_key_id' in by ? by : {}
  const minted = { kind, subject, ...page, resource, actions: [...actions], claims }
  return { ...minted, uses_left: usesLeft, redeemed_at: isoTime(now) }
}

type Redeemed = Awaited<ReturnType<Redeeming['redeemKindToken']>>

type RowToken = KindToken & { readonly rowKey: string }

const hasRow = (token: KindToken): token is RowToken => token.rowKey !== undefined

async function spend(deps: Deps, input: Input, { rowKey, kind, jti }: RowToken, now: number): Promise<number | null> {
  const accountId = deps.account.id
  const reported = {
    accountId,
    types: ['token.spent'] as const,
    // a use of a token that counts none ends nothing
    factsOf: (row: Redeemed) =>
      row && row.usesLeft !== null ? [tokenFact('token.spent', { kind, token_id: jti, uses_left: row.usesLeft })] : [],
  }
  const redeem = (store: Redeeming) => store.redeemKindToken(accountId, rowKey, now)
  const spent = await decideAndTell(deps, reported, redeem)
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
