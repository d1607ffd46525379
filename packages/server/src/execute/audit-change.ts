import { isSecretName, type Operation, redacted } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { newId } from '../ids.js'
import type { AuditSealer, ChainedEntry } from '../store/queries/audit-chain.js'
import type { Store } from '../store/store.js'

const keptMilliseconds = 90 * 24 * 3_600_000

/** An administrative change. It either has an audit entry or didn't happen. */
export interface Change {
  readonly operation: Pick<Operation, 'id' | 'pathFields'>
  /** Null on the server's host, where no key is needed. The key is null if there was more than one. */
  readonly by: {
    readonly apiKey: { readonly id: string | null; readonly accountId: string }
    readonly requestId: string
  } | null
  /** Null for a change of the whole server. */
  readonly accountId: string | null
  readonly input: Readonly<Record<string, unknown>>
  readonly value: unknown
  /** For a change whose target is in neither the path nor the response. */
  readonly targetId?: string
}

/** The dependencies for writing an entry. */
export interface AuditDeps {
  readonly clock: Clock
  readonly auditSealer: AuditSealer
  readonly store: Pick<Store, 'appendAuditEntry'>
}

/**
 * Adds a change to the history, in the transaction that makes the change. The entry may be logged once that is
 * committed.
 */
export function auditChange({ clock, auditSealer, store }: AuditDeps, change: Change): Promise<ChainedEntry> {
  const { operation, by, accountId, input } = change
  const at = clock.now()
  return store.appendAuditEntry(auditSealer, {
    id: newId(clock),
    accountId,
    at,
    operation: operation.id,
    requestId: by?.requestId ?? null,
    apiKeyId: by?.apiKey.id ?? null,
    apiKeyAccountId: by?.apiKey.accountId ?? null,
    targetId: change.targetId ?? targetOf(change),
    changes: JSON.parse(JSON.stringify(input, hideSecrets)),
    expiresAt: at + keptMilliseconds,
  })
}

/** The id in the path, or else the id in the response. */
function targetOf({ operation, input, value }: Change): string | null {
  const [name] = operation.pathFields ?? []
  const answer = typeof value === 'object' && value !== null ? value : {}
  const target = name === undefined ? 'id' in answer && answer.id : input[name]
  if (typeof target === 'string') return target
  return 'kid' in answer && typeof answer.kid === 'string' ? answer.kid : null
}

const hideSecrets = (name: string, value: unknown) => (isSecretName(name) ? redacted : value)
