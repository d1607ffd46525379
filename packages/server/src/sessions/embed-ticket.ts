import { type EmbedTicketClaims, timeOfId } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { isEndedByCutoff } from '../revocation/is-ended-by-cutoff.js'
import type { Verify } from '../signing/verify-token.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { Store } from '../store/store.js'
import { tokenFact } from '../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../webhooks/tell.js'
import { judgeOrigin } from './judge-origin.js'

interface Deps {
  readonly clientKey: ClientKey
  readonly clock: Pick<Clock, 'now'>
  readonly verify: Verify
  readonly store: Pick<Store, 'findCutoff'>
}

/**
 * Requires an embed ticket from a page of the server's own widgets, because only a ticket proves the origin of the
 * embedding page. Doesn't spend it.
 */
export async function checkEmbedTicket(deps: Deps, ticket: string | undefined): Promise<EmbedTicketClaims> {
  const { clientKey } = deps
  const claims = ticket === undefined ? undefined : await deps.verify('embed-ticket', ticket)
  if (claims?.sub !== clientKey.id) throw notProven(ticket)
  if (judgeOrigin(clientKey, claims.origin, deps.clock.now()) === 'refused') throw notProven(ticket)
  if (await isEndedByCutoff(deps, { account_id: claims.account_id, client_key_id: claims.sub }, timeOfId(claims.jti)))
    throw notProven(ticket)
  return claims
}

type Spending = Pick<Store, 'consumeOrRevokeToken'>

/** Spends a ticket that was checked. Of concurrent calls with the same ticket, one succeeds. */
export async function spendEmbedTicket(
  { clock, store }: { readonly clock: Pick<Clock, 'now'>; readonly store: Spending },
  { account_id: accountId, jti, exp }: EmbedTicketClaims,
): Promise<void> {
  const times = { now: clock.now(), expiresAt: exp * 1000 }
  if (!(await store.consumeOrRevokeToken({ accountId, kind: 'embed-ticket', jti }, 'spent', times))) throw notProven('')
}

/** The same on its own, with its event. */
export function spendAndTell(
  deps: { readonly clock: Clock; readonly store: Spending & TellDeps<Spending>['store'] },
  ticket: EmbedTicketClaims,
): Promise<void> {
  const { account_id: accountId, jti } = ticket
  const factsOf = () => [tokenFact('token.spent', { kind: 'embed-ticket', token_id: jti })]
  const spend = (store: Spending) => spendEmbedTicket({ clock: deps.clock, store }, ticket)
  return decideAndTell(deps, { accountId, types: ['token.spent'], factsOf }, spend)
}

function notProven(ticket: string | undefined): HallpassError {
  const explain = () => ({
    rule: "A page of the server's own widget origins needs a valid, unused embed_ticket of the embedding page.",
    seen:
      ticket === undefined
        ? 'no embed_ticket'
        : 'an embed_ticket that has expired, was used, or belongs to another client key',
    fix: 'Let the embedding page request a new ticket with embed-ticket right before.',
  })
  return new HallpassError('origin_not_allowed', messages.noEmbedTicket, { explain })
}
