import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'
import type { CutoffWrite } from '../../webhooks/cutoff-event.js'
import { describeEnd, endByStatus, type StatusChange } from './end-by-status.js'
import { readPage } from './pagination.js'

type Upsert = Operations['admin.cards.upsert']
type Get = Operations['admin.cards.get']
type List = Operations['admin.cards.list']

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'addCutoff' | 'mergeCard'>
}

interface ReadDeps {
  readonly account: Account
  readonly store: Pick<Store, 'findCard' | 'listCards'>
}

/**
 * Adds a card, or changes the given fields. A status that ends tokens ends them in the same transaction, and again
 * after the commit: tokens minted before the commit are older than the second cutoff.
 */
export const upsertCard = {
  async run({ account, clock, store }: Deps, input: ParsedInputOf<Upsert>): Promise<OutputOf<Upsert>> {
    const card = await store.mergeCard(account.id, input)
    if (!card) throw new HallpassError('state_conflict', messages.cardIdTaken)
    await end({ account, clock, store }, input, 'first')
    return card
  },

  async afterCommit({ account, clock, store }: Deps, input: ParsedInputOf<Upsert>): Promise<void> {
    await end({ account, clock, store }, input, 'second')
  },

  alsoRecorded: (input: ParsedInputOf<Upsert>) => describeEnd(changeOf(input)),
}

const end = ({ account, clock, store }: Deps, input: ParsedInputOf<Upsert>, write: CutoffWrite) =>
  endByStatus({ accountId: account.id, clock, now: clock.now(), store, write }, changeOf(input))

function changeOf({ id, status }: ParsedInputOf<Upsert>): StatusChange {
  return { scope: 'card', id, status }
}

export const getCard = {
  async run({ account, store }: ReadDeps, { card_id }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    const card = await store.findCard(account.id, card_id)
    if (!card) throw new HallpassError('not_found', messages.notInAccount('card'))
    return card
  },
}

export const listCards = {
  async run({ account, store }: ReadDeps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(
      input,
      (page) => store.listCards(account.id, page),
      (card) => card,
    )
  },
}
