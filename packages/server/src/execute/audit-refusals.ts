import type { Operation, Reason } from '@hallpass/contracts'
import type { Logger } from 'pino'
import type { Store } from '../store/store.js'
import { type AuditDeps, auditChange } from './audit-change.js'
import type { LogAudit } from './log-audit.js'

/** A refused administrative call by a known key. */
export interface RefusedAdministration {
  /** The account of the key. It gets the entry, whatever account the call was for. */
  readonly accountId: string
  readonly apiKeyId: string
  readonly operation: string
  readonly reason: Reason
  readonly requestId: string
}

/** Adds refused administrative calls to the history. */
export interface RefusalAuditor {
  readonly note: (refused: RefusedAdministration) => void
  /** Writes the calls noted so far. Never throws. */
  readonly flush: () => Promise<void>
}

interface Deps extends Omit<AuditDeps, 'store'> {
  readonly store: Pick<Store, 'transaction'>
  readonly log: Pick<Logger, 'warn'>
  readonly logAudit: LogAudit
}

/** The first refusal of an account is written after this time. The following ones are counted and written together. */
const firstMilliseconds = 500
const togetherMilliseconds = 10 * 60_000
/** How many kinds of refusals one entry names. The rest are only counted. */
const namedKinds = 20
/** The maximum number of accounts to watch at a time, so that memory is bounded. */
const maxAccounts = 10_000

type Kind = Omit<RefusedAdministration, 'accountId'> & { count: number }

interface Noted {
  dueAt: number
  readonly kinds: Map<string, Kind>
  others: number
}

/**
 * Whether a refusal belongs in the history: a missing scope, another account, or a change that was refused after its
 * input had been read. Unreadable input is a mistake, and exceeded limits are counted elsewhere.
 */
const isAuditedRefusal = ({ audited }: Operation, reason: Reason, isRead: boolean): boolean =>
  auditedReasons[audited][isRead ? 'afterReading' : 'beforeReading'].includes(reason)

interface AuditedReasons {
  readonly beforeReading: readonly Reason[]
  readonly afterReading: readonly Reason[]
}

const none: AuditedReasons = { beforeReading: [], afterReading: [] }
const ofRead: AuditedReasons = {
  beforeReading: ['insufficient_scope', 'not_found'],
  afterReading: ['insufficient_scope'],
}
const ofChange: AuditedReasons = {
  ...ofRead,
  afterReading: ['insufficient_scope', 'not_found', 'state_conflict', 'validation_failed'],
}
const auditedReasons: Readonly<Record<Operation['audited'], AuditedReasons>> = {
  changes: ofChange,
  refusals: ofRead,
  by_handler: none,
  never: none,
}

/** A refused call and its caller. */
interface RefusedCall {
  readonly operation: Operation
  readonly caller: { readonly accountId?: string; readonly apiKeyId?: string }
  readonly error: { readonly reason: Reason }
  readonly isRead: boolean
  readonly requestId: string
}

/** Notes a refusal that belongs in the history. */
export function noteRefusedAdministration(
  auditor: Pick<RefusalAuditor, 'note'>,
  { operation, caller: { accountId, apiKeyId }, error: { reason }, isRead, requestId }: RefusedCall,
): void {
  if (accountId === undefined || apiKeyId === undefined || !isAuditedRefusal(operation, reason, isRead)) return
  auditor.note({ accountId, apiKeyId, operation: operation.id, reason, requestId })
}

export function createRefusalAuditor(deps: Deps): RefusalAuditor {
  const accounts = new Map<string, Noted>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const writeDue = (isAll: boolean) => {
    const now = deps.clock.now()
    for (const [accountId, noted] of accounts) {
      if (noted.dueAt > now && !isAll) continue
      // an account that was quiet for this long starts over
      accounts.delete(accountId)
      if (noted.kinds.size === 0) continue
      accounts.set(accountId, { dueAt: now + togetherMilliseconds, kinds: new Map(), others: 0 })
      writing = writing.then(() => write(deps, accountId, noted))
    }
    return writing
  }
  const tick = () => {
    timer = undefined
    void writeDue(false)
    if (accounts.size > 0) timer = setTimeout(tick, firstMilliseconds).unref()
  }
  return {
    note({ accountId, ...refused }) {
      const isNew = !accounts.has(accountId)
      if (isNew && accounts.size >= maxAccounts) return
      const noted = accounts.get(accountId) ?? { dueAt: deps.clock.now(), kinds: new Map<string, Kind>(), others: 0 }
      accounts.set(accountId, noted)
      const key = `${refused.apiKeyId} ${refused.operation} ${refused.reason}`
      const kind = noted.kinds.get(key)
      if (kind) kind.count++
      else if (noted.kinds.size < namedKinds) noted.kinds.set(key, { ...refused, count: 1 })
      else noted.others++
      timer ??= setTimeout(tick, firstMilliseconds).unref()
    },
    flush() {
      clearTimeout(timer)
      timer = undefined
      return writeDue(true)
    },
  }
}

async function write(deps: Deps, accountId: string, { kinds, others }: Noted): Promise<void> {
  const refused = [...kinds.values()]
  const [first] = refused
  if (!first) return
  const isOneKey = refused.every(({ apiKeyId }) => apiKeyId === first.apiKeyId)
  const by = { apiKey: { id: isOneKey ? first.apiKeyId : null, accountId }, requestId: first.requestId }
  const input = {
    refused: refused.map(({ apiKeyId, operation, reason, requestId, count }) => ({
      operation,
      reason,
      count,
      api_key_id: apiKeyId,
      first_request_id: requestId,
    })),
    ...(others > 0 ? { others } : {}),
  }
  const change = { operation: { id: 'admin.refused' }, by, accountId, input, value: {} } as const
  try {
    deps.logAudit(await deps.store.transaction((store) => auditChange({ ...deps, store }, change)))
  } catch (cause) {
    deps.log.warn({ cause }, 'Refused administrative calls could not be added to the history.')
  }
}
