import type { OutputOf, ParsedInputOf, tokensRedeem } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { hashCardToken } from '../../crypto/card-token.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { isoTime } from '../../iso-time.js'
import { cardStatusConflict } from '../../revocation/card-status-conflict.js'
import { isEndedByCutoff } from '../../revocation/is-ended-by-cutoff.js'
import type { Account } from '../../store/queries/accounts.js'
import { type CardTokenRow, latestIssue, ownerOfCardToken } from '../../store/queries/card-tokens.js'
import type { Store } from '../../store/store.js'
import { tokenFact } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'

type Input = ParsedInputOf<typeof tokensRedeem>

type Redeeming = Pick<Store, 'redeemCardToken'>

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Pick<Store, 'findCardStanding' | 'findCardToken' | 'findCutoff'> &
    Redeeming &
    TellDeps<Redeeming>['store']
}

/** Spends a card widget token. Exactly one call succeeds, and the conditional write decides which one. */
export const redeemCardToken = { run, sandboxErrors: { already_used: () => alreadyUsed(), revoked: () => revoked() } }

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof tokensRedeem>> {
  const { account, store, clock, keys } = deps
  const tokenHash = hashCardToken(keys, input.widget_token)
  const now = clock.now()
  const reported = {
    accountId: account.id,
    types: ['token.spent'] as const,
    factsOf: (row: Redeemed) =>
      row ? [tokenFact('token.spent', { kind: 'card', token_id: row.jti, card_id: row.card_id })] : [],
  }
  const redeem = (within: Redeeming) => within.redeemCardToken(account.id, tokenHash, input.widget_type, now)
  const spent = await decideAndTell(deps, reported, redeem)
  if (!spent) throw await whyNot(deps, input, await store.findCardToken(account.id, tokenHash))
  return {
    tenant: account.tenant,
    card_id: spent.card_id,
    widget_type: input.widget_type,
    redeemed_at: isoTime(spent.redeemed_at),
  }
}

type Redeemed = Awaited<ReturnType<Store['redeemCardToken']>>

async function whyNot(deps: Deps, input: Input, token: CardTokenRow | undefined): Promise<HallpassError> {
  if (!token) return new HallpassError('not_found', messages.notInAccount('widget token'))
  if (token.revoked_at !== null) return revoked()
  if (token.redeemed_at !== null) return alreadyUsed()
  if (await isEndedByCutoff(deps, ownerOfCardToken(deps.account.id, token), token.issued_at)) {
    return revoked()
  }
  const now = deps.clock.now()
  if (token.issued_at > latestIssue(now)) return fromTheFuture(token.issued_at)
  if (token.expires_at <= now) return new HallpassError('token_expired', messages.widgetTokenExpired)
  if (token.widget_type !== input.widget_type) {
    return new HallpassError('token_wrong_widget_type', messages.otherWidgetType(token.widget_type))
  }
  const card = await deps.store.findCardStanding(deps.account.id, token.card_id)
  if (!card) return new HallpassError('not_found', messages.notInAccount('card'))
  return cardStatusConflict(card, token.widget_type) ?? statusChanged()
}

const fromTheFuture = (issuedAt: number) =>
  new HallpassError('not_found', messages.notInAccount('widget token'), {
    explain: () => ({
      seen: `a widget token issued at ${new Date(issuedAt).toISOString()}, which is in the future`,
      fix: 'Set the clocks of all servers by NTP, and request a new widget token.',
    }),
  })

const statusChanged = () => new HallpassError('state_conflict', messages.statusChanged)

const alreadyUsed = () => new HallpassError('token_already_used', messages.widgetTokenUsed)

const revoked = () => new HallpassError('token_revoked', messages.widgetTokenRevoked)
