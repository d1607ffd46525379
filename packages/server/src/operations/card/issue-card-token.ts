import { type cardWidgetToken, type OutputOf, opaqueLifetimes, type ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { hashCardToken } from '../../crypto/card-token.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { HallpassError } from '../../errors.js'
import { newId, randomUuid } from '../../ids.js'
import { cardStatusConflict } from '../../revocation/card-status-conflict.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Store } from '../../store/store.js'

type Input = ParsedInputOf<typeof cardWidgetToken>

interface Needs {
  readonly account: Account
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly lifetime: (standardSeconds: number) => number
  readonly store: Pick<Store, 'insertCardToken' | 'findCardStanding'>
}

/** An ephemeral one-time token for one card and one widget type (seed 003). */
export const issueCardToken = { check, act }

async function check(needs: Needs, input: Input): Promise<void> {
  const card = await needs.store.findCardStanding(needs.account.id, input.card_id)
  if (!card) throw new HallpassError('not_found', 'No such card in this account.')
  const conflict = cardStatusConflict(card, input.widget_type)
  if (conflict) throw conflict
}

async function act(needs: Needs, input: Input): Promise<OutputOf<typeof cardWidgetToken>> {
  const now = needs.clock.now()
  const token = randomUuid(needs.clock)
  const isInserted = await needs.store.insertCardToken(needs.account.id, {
    token_hash: hashCardToken(needs.keys, token),
    jti: newId(needs.clock),
    card_id: input.card_id,
    widget_type: input.widget_type,
    api_key_id: needs.apiKey.id,
    issued_at: now,
    expires_at: now + needs.lifetime(opaqueLifetimes.card) * 1000,
  })
  if (!isInserted) {
    await check(needs, input)
    throw new HallpassError(
      'state_conflict',
      'The status of the card or its customer changed during this request. Try again.',
    )
  }
  return { tenant: needs.account.tenant, widget_token: token }
}
