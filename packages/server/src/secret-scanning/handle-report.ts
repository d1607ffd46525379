import { createHash } from 'node:crypto'
import { redacted } from '@hallpass/contracts'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { keyedHash } from '../crypto/keyed-hash.js'
import { auditChange } from '../execute/audit-change.js'
import type { LogAudit } from '../execute/log-audit.js'
import type { ApiKey } from '../store/queries/api-keys.js'
import type { AuditSealer } from '../store/queries/audit-chain.js'
import type { Store } from '../store/store.js'
import { apiKeyDisabled } from '../webhooks/facts.js'
import { tellIn } from '../webhooks/tell.js'
import type { LeakAction, LeakFeedback, LeakMatch } from './match.js'

interface Deps {
  readonly clock: Clock
  readonly keys: Pick<DerivedKeys, 'apiKeyHash'>
  readonly store: Store
  readonly auditSealer: AuditSealer
  readonly logAudit: LogAudit
  readonly log: Pick<Logger, 'warn'>
  readonly action: LeakAction
}

/**
 * Returns which of the found secrets are keys of this server. Active keys are logged, audited and, if configured,
 * disabled.
 */
export async function handleReport(deps: Deps, matches: readonly LeakMatch[]): Promise<LeakFeedback[]> {
  const { clock, keys, store } = deps
  const byHash = new Map(matches.map((match) => [keyedHash(keys.apiKeyHash, match.token), match]))
  const found = await store.findApiKeysBySecrets([...byHash.keys()])
  const now = clock.now()
  for (const { secretHash, apiKey } of found) {
    const match = byHash.get(secretHash)
    const isLive = !apiKey.disabled && (apiKey.expiresAt === null || apiKey.expiresAt > now)
    if (match && isLive) await noteLeak(deps, apiKey, match)
  }
  const known = new Set(found.map(({ secretHash }) => secretHash))
  return [...byHash].map(([hash, { token, type }]) => ({
    token_hash: createHash('sha256').update(token).digest('hex'),
    token_type: type,
    label: known.has(hash) ? 'true_positive' : 'false_positive',
  }))
}

async function noteLeak(deps: Deps, apiKey: ApiKey, match: LeakMatch): Promise<void> {
  const { log, action } = deps
  const place = { type: match.type, source: match.source, url: match.url.replaceAll(match.token, redacted) }
  const { id, accountId, hint } = apiKey
  const entry = await deps.store.transaction(async (store) => {
    if (action === 'disable') {
      // another report or an administrator may have been faster
      const isActive = (await store.lockApiKey(accountId, id))?.disabled === false
      await store.disableApiKey(accountId, id)
      await tellIn({ ...deps, store }, accountId, isActive ? [apiKeyDisabled(id, { reason: 'leaked' })] : [])
    }
    const operation = { id: `secret_scanning.${action}` } as const
    return auditChange({ ...deps, store }, { operation, by: null, accountId, input: { ...place, hint }, value: { id } })
  })
  deps.logAudit(entry)
  const advice = action === 'disable' ? 'It was disabled.' : 'Rotate it, then disable the old key.'
  const next = `To end what it minted, run: hallpass sessions revoke --api-key-id ${id}`
  log.warn(
    { account_id: accountId, api_key_id: id, hint, ...place },
    `An active secret key was found in public. ${advice} ${next}`,
  )
}
