import type { Operations, OutputOf, ParsedInputOf, Refusal } from '@hallpass/contracts'
import { reasons } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { keyedHash } from '../../crypto/keyed-hash.js'
import { type RefusalKeeper, refusalMilliseconds } from '../../refusals/refusal-log.js'
import type { StoredRefusal, Whose } from '../../store/queries/refusals.js'
import type { Store } from '../../store/store.js'
import { readPage, toTime } from './pagination.js'

type Get = Operations['admin.refusals.get']
type List = Operations['admin.refusals.list']

/** What a look into the history needs, of one account or, on the host, of everyone. */
export interface HistoryNeeds {
  readonly clock: Clock
  readonly store: Pick<Store, 'findRefusals' | 'listRefusals' | 'listAuditEntries'>
  readonly keys: Pick<DerivedKeys, 'requestIdHash'>
}

interface Needs extends HistoryNeeds {
  readonly account: { readonly id: string }
  readonly refusals: Pick<RefusalKeeper, 'flush'>
}

const shownAtMost = 20

/** Why a request was refused: several answers where its id stands for several calls. */
export const getRefusals = {
  async act(needs: Needs, { request_id }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    await needs.refusals.flush()
    return findRefusals(needs, { accountId: needs.account.id }, request_id)
  },
}

export const listRefusals = {
  async act(needs: Needs, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    await needs.refusals.flush()
    return pageOfRefusals(needs, { accountId: needs.account.id }, input)
  },
}

export async function findRefusals(needs: HistoryNeeds, whose: Whose, requestId: string): Promise<OutputOf<Get>> {
  const request = { id: requestId.toLowerCase(), sentIdHash: keyedHash(needs.keys.requestIdHash, requestId) }
  const found = await needs.store.findRefusals(whose, request, { since: since(needs), limit: shownAtMost })
  return { data: found.map(show) }
}

export function pageOfRefusals(needs: HistoryNeeds, whose: Whose, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
  return readPage(
    input,
    ({ after, limit }) => needs.store.listRefusals(whose, since(needs), { before: after || undefined, limit }),
    show,
  )
}

const since = ({ clock }: HistoryNeeds) => clock.now() - refusalMilliseconds

function show({
  id,
  requestId,
  at,
  operation,
  reason,
  rule,
  seen,
  fix,
  apiKeyId,
  clientKeyId,
}: StoredRefusal): Refusal {
  return {
    id,
    request_id: requestId,
    at: toTime(at),
    operation,
    reason,
    status: reasons[reason],
    rule,
    seen,
    fix,
    api_key_id: apiKeyId,
    client_key_id: clientKeyId,
  }
}
