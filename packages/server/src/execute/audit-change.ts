import type { Operation } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { newId } from '../ids.js'
import type { Store } from '../store/store.js'
import type { SecretKeyContext } from './contexts.js'

const keptMilliseconds = 90 * 24 * 3_600_000
const secretName = /(^|_)(token|ticket|secret|password)$/i

/** A change by administration, which stands in the account's history or has not happened. */
export interface Change {
  readonly operation: Pick<Operation, 'id' | 'pathFields'>
  /** Null on the server's host, where no key is needed. */
  readonly by: { readonly apiKey: SecretKeyContext['apiKey']; readonly requestId: string } | null
  /** Null for what is the server's as a whole. */
  readonly accountId: string | null
  readonly input: Readonly<Record<string, unknown>>
  readonly value: unknown
}

export const isAudited = ({ id, kind }: Operation): boolean => kind === 'mutation' && id.startsWith('admin.')

/** Writes a change down; to be called in the transaction that makes it. */
export async function auditChange(clock: Clock, store: Pick<Store, 'insertAuditEntry'>, change: Change): Promise<void> {
  const { operation, by, accountId, input } = change
  const at = clock.now()
  await store.insertAuditEntry({
    id: newId(clock),
    accountId,
    at,
    operation: operation.id,
    requestId: by?.requestId ?? null,
    apiKeyId: by?.apiKey.id ?? null,
    apiKeyAccountId: by?.apiKey.accountId ?? null,
    targetId: targetOf(change),
    changes: JSON.parse(JSON.stringify(input, hideSecrets)),
    expiresAt: at + keptMilliseconds,
  })
}

/** What the path names, or else what the answer is. */
function targetOf({ operation, input, value }: Change): string | null {
  const [name] = operation.pathFields ?? []
  const answer = typeof value === 'object' && value !== null ? value : {}
  const target = name === undefined ? 'id' in answer && answer.id : input[name]
  if (typeof target === 'string') return target
  return 'kid' in answer && typeof answer.kid === 'string' ? answer.kid : null
}

const hideSecrets = (name: string, value: unknown) => (secretName.test(name) ? '<REDACTED>' : value)
