import type { WebhookEvent } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import type { Store, Transactional } from '../store/store.js'
import { toEvents, type WebhookFact } from './webhook-event.js'

type TellingStore = Pick<Store, 'findSubscribedTypes' | 'addWebhookEvent'>

/** What a decision needs to tell of itself, besides its own methods of the store. */
export interface TellDeps<Within = TellingStore> {
  readonly clock: Clock
  readonly store: TellingStore & Transactional<Within & TellingStore>
}

/** A decision of an account that may be reported. */
interface Reported<Decision> {
  readonly accountId: string
  /** Everything that `factsOf` may return. */
  readonly types: readonly WebhookEvent[]
  /** What there is to tell; nothing if the decision was another one. */
  readonly factsOf: (decision: Decision) => readonly WebhookFact[]
}

/**
 * Makes a decision. If the account subscribed to what it may tell, the decision and its events are one transaction;
 * if not, nothing is added to the decision.
 */
export async function decideAndTell<Within, Decision>(
  { clock, store }: { readonly clock: Clock; readonly store: Within & TellDeps<Within>['store'] },
  { accountId, types, factsOf }: Reported<Decision>,
  decide: (store: Within) => Promise<Decision>,
): Promise<Decision> {
  if (!(await isSubscribed(store, accountId, types))) return decide(store)
  return store.transaction(async (within) => {
    const decision = await decide(within)
    await tellIn({ clock, store: within }, accountId, factsOf(decision))
    return decision
  })
}

/** Whether an endpoint of the account gets an event of one of these types. It may be true for a second too long. */
export async function isSubscribed(
  store: Pick<Store, 'findSubscribedTypes'>,
  accountId: string,
  types: readonly WebhookEvent[],
): Promise<boolean> {
  const subscribed = await store.findSubscribedTypes(accountId)
  return subscribed.size > 0 && (subscribed.has('*') || types.some((type) => subscribed.has(type)))
}

/** Writes the events of a decision in its transaction, in order. */
export async function tellIn(
  { clock, store }: { readonly clock: Clock; readonly store: Pick<Store, 'addWebhookEvent'> },
  accountId: string,
  facts: readonly WebhookFact[],
): Promise<void> {
  for (const event of toEvents(clock, facts)) await store.addWebhookEvent(accountId, event)
}
