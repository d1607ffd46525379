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

/** The dependencies for looking up refusals: of one account or, on the host, of all. */
export interface HistoryDeps {
  readonly clock: Clock
  readonly store: Pick<Store, 'findRefusals' | 'listRefusals' | 'listAuditEntries'>
  readonly keys: Pick<DerivedKeys, 'requestIdHash'>
}

interface Deps extends HistoryDeps {
  readonly account: { readonly id: string }
  readonly refusals: Pick<RefusalKeeper, 'flush'>
}

const shownAtMost = 20

/** Why a request was refused. Several results if its id belongs to several calls. */
export const getRefusals = {
  async run(deps: Deps, { request_id }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    await deps.refusals.flush()
    return findRefusals(deps, { accountId: deps.account.id }, request_id)
  },
}

export const listRefusals = {
  async run(deps: Deps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    await deps.refusals.flush()
    return pageOfRefusals(deps, { accountId: deps.account.id }, input)
  },
}

export async function findRefusals(deps: HistoryDeps, whose: Whose, requestId: string): Promise<OutputOf<Get>> {
  const request = { id: requestId.toLowerCase(), sentIdHash: keyedHash(deps.keys.requestIdHash, requestId) }
  const found = await deps.store.findRefusals(whose, request, { since: since(deps), limit: shownAtMost })
  return { data: found.map(show) }
}

export function pageOfRefusals(deps: HistoryDeps, whose: Whose, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
  return readPage(
    input,
    ({ after, limit }) => deps.store.listRefusals(whose, since(deps), { before: after || undefined, limit }),
    show,
  )
}

const since = ({ clock }: HistoryDeps) => clock.now() - refusalMilliseconds

function show({
  id,
  requestId,
  traceId,
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
    trace_id: traceId,
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
