import type { AuditEntry, Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Whose } from '../../store/queries/refusals.js'
import { readPage, toTime } from './pagination.js'
import type { HistoryDeps } from './refusals.js'

type List = Operations['admin.audit.list']

interface Deps extends HistoryDeps {
  readonly account: { readonly id: string }
}

/** Who changed what in the account in scope. */
export const listAudit = {
  async run(deps: Deps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return pageOfAudit(deps, { accountId: deps.account.id }, input)
  },
}

export function pageOfAudit(
  { store, clock }: HistoryDeps,
  whose: Whose,
  input: ParsedInputOf<List>,
): Promise<OutputOf<List>> {
  return readPage(
    input,
    ({ after, limit }) => store.listAuditEntries(whose, clock.now(), { before: after || undefined, limit }),
    (entry): AuditEntry => ({
      id: entry.id,
      at: toTime(entry.at),
      operation: entry.operation,
      request_id: entry.requestId,
      api_key_id: entry.apiKeyId,
      api_key_account_id: entry.apiKeyAccountId,
      target_id: entry.targetId,
      changes: entry.changes,
    }),
  )
}
