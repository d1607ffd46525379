import type { Logger } from 'pino'
import { replaceByCutoff } from '../revocation/replace-names.js'
import type { Store } from '../store/store.js'
import { type AuditDeps, auditChange } from './audit-change.js'
import type { LogAudit } from './log-audit.js'
import type { CallMetrics } from './services.js'

interface Deps extends Omit<AuditDeps, 'store'> {
  readonly store: Pick<Store, 'transaction'>
  readonly logAudit: LogAudit
  readonly metrics: Pick<CallMetrics, 'countFeedCutoff'>
  readonly log: Pick<Logger, 'warn'>
}

/**
 * Writes the cutoff that replaced uncounted names in a feed, so that introspection and refresh agree with the feed.
 * Names are uncounted if they come from a refresh token that is used twice, an import or an older server. Rejects if
 * the cutoff isn't written.
 */
export async function writeFeedCutoff(deps: Deps, accountId: string, notBefore: number): Promise<void> {
  const operation = { id: 'revocations.replace' } as const
  try {
    const entry = await deps.store.transaction(async (store) => {
      const input = { feed_cutoff: await replaceByCutoff({ clock: deps.clock, store }, accountId, notBefore) }
      const change = { operation, by: null, accountId, input, value: {}, targetId: accountId }
      return auditChange({ ...deps, store }, change)
    })
    deps.logAudit(entry)
    deps.metrics.countFeedCutoff()
  } catch (cause) {
    deps.log.warn({ cause }, 'The cutoff of a full revocation feed could not be written.')
    throw cause
  }
}
