import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { HallpassError } from '../errors.js'
import type { Account } from '../store/accounts.js'
import type { Store } from '../store/store.js'
import { readPage } from './page.js'

type Upsert = Operations['admin.cards.upsert']
type Get = Operations['admin.cards.get']
type List = Operations['admin.cards.list']

interface Needs {
  readonly account: Account
  readonly store: Pick<Store, 'mergeCard'>
}

interface ReadNeeds {
  readonly account: Account
  readonly store: Pick<Store, 'findCard' | 'listCards'>
}

/** Adds a card, or changes what is named of it. */
export const upsertCard = {
  async act({ account, store }: Needs, input: ParsedInputOf<Upsert>): Promise<OutputOf<Upsert>> {
    const card = await store.mergeCard(account.id, input)
    if (!card)
      throw new HallpassError('state_conflict', 'This card id, or this customer, cannot be used in this account.')
    return card
  },
}

export const getCard = {
  async act({ account, store }: ReadNeeds, { card_id }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    const card = await store.findCard(account.id, card_id)
    if (!card) throw new HallpassError('not_found', 'No such card in this account.')
    return card
  },
}

export const listCards = {
  async act({ account, store }: ReadNeeds, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(
      input,
      (page) => store.listCards(account.id, page),
      (card) => card,
    )
  },
}
