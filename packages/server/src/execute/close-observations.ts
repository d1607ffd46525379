import { endObservation } from '../operations/admin/end-observation.js'
import type { Store } from '../store/store.js'
import { clientKeyUpdated } from '../webhooks/facts.js'
import { tellIn } from '../webhooks/tell.js'
import { type AuditDeps, auditChange } from './audit-change.js'
import type { LogAudit } from './log-audit.js'

interface Deps extends Omit<AuditDeps, 'store'> {
  readonly store: Pick<Store, 'listEndedObservations' | 'transaction'>
  readonly logAudit: LogAudit
}

const batchKeys = 100

/**
 * Turns off the observe mode of client keys whose time is over, and ends their sessions in doubt. Of several servers, the
 * one that still finds it on does it, because the key's row is locked.
 */
export async function closeObservations(deps: Deps): Promise<void> {
  const { clock, logAudit, store } = deps
  for (const { accountId, clientKeyId } of await store.listEndedObservations(clock.now(), batchKeys)) {
    const entry = await store.transaction(async (tx) => {
      const now = clock.now()
      const key = await tx.lockClientKey(accountId, clientKeyId)
      if (key?.observeUntil === undefined || key.observeUntil > now) return undefined
      await tx.patchClientKey(accountId, clientKeyId, { observe_until: null }, now)
      await tellIn({ clock, store: tx }, accountId, [clientKeyUpdated({ id: clientKeyId, disabled: key.disabled })])
      const ended_origins = await endObservation({ clock, store: tx, now }, key)
      const operation = { id: 'clientKeys.endObservation' } as const
      const input = { observe_until: null, ended_origins }
      return auditChange(
        { ...deps, store: tx },
        { operation, by: null, accountId, input, value: {}, targetId: clientKeyId },
      )
    })
    if (entry) logAudit(entry)
  }
}
