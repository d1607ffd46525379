import { type cardWidgetToken, type OutputOf, opaqueLifetimes, type ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { hashCardToken } from '../../crypto/card-token.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { newId, randomUuid } from '../../ids.js'
import { cardStatusConflict } from '../../revocation/card-status-conflict.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Store } from '../../store/store.js'
import { tokenFact } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'

type Input = ParsedInputOf<typeof cardWidgetToken>

type Minting = Pick<Store, 'insertCardToken' | 'findCardStanding'>

interface Deps {
  readonly account: Account
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly lifetime: (standardSeconds: number) => number
  readonly store: Minting & TellDeps<Minting>['store']
}

/** Mints a single-use, short-lived token for one card and one widget type. */
export const issueCardToken = { check, run }

async function check(deps: Deps, input: Input): Promise<void> {
  const card = await deps.store.findCardStanding(deps.account.id, input.card_id)
  if (!card) throw new HallpassError('not_found', messages.notInAccount('card'))
  const conflict = cardStatusConflict(card, input.widget_type)
  if (conflict) throw conflict
}

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof cardWidgetToken>> {
  const now = deps.clock.now()
  const token = randomUuid(deps.clock)
  const accountId = deps.account.id
  const row = {
    token_hash: hashCardToken(deps.keys, token),
    jti: newId(deps.clock),
    card_id: input.card_id,
    widget_type: input.widget_type,
    api_key_id: deps.apiKey.id,
    issued_at: now,
    expires_at: now + deps.lifetime(opaqueLifetimes.card) * 1000,
  }
  const ids = { kind: 'card', token_id: row.jti, card_id: row.card_id }
  const reported = {
    accountId,
    types: ['token.minted'] as const,
    factsOf: (isMinted: boolean) => (isMinted ? [tokenFact('token.minted', ids)] : []),
  }
  const isInserted = await decideAndTell(deps, reported, (store: Minting) => store.insertCardToken(accountId, row))
  if (!isInserted) {
    await check(deps, input)
    throw new HallpassError('state_conflict', messages.statusChanged)
  }
  return { tenant: deps.account.tenant, widget_token: token }
}
