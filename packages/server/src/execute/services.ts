import type { Operation } from '@hallpass/contracts'
import type { ActivityCounter } from '../activity/count-activity.js'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import type { Allowance, Meter } from '../limits/allowance.js'
import type { FailureGate } from '../limits/failure-gate.js'
import type { RefusalKeeper } from '../refusals/refusal-log.js'
import type { ExplainToken } from '../signing/explain-token.js'
import type { KeyRing } from '../signing/key-ring.js'
import type { Sign } from '../signing/sign-token.js'
import type { Verify } from '../signing/verify-token.js'
import type { AuditSealer } from '../store/queries/audit-chain.js'
import type { Store } from '../store/store.js'
import type { RefusalAuditor } from './audit-refusals.js'
import type { Transport } from './call.js'
import type { LogAudit } from './log-audit.js'
import type { Outcome } from './outcome.js'

/** Counts and times the calls of this server. */
export interface CallMetrics {
  readonly countCall: (call: {
    readonly operation: Operation
    readonly transport: Transport
    readonly outcome: Outcome
    readonly seconds: number
  }) => void
  /** A cutoff that no call wrote: the reading of a feed that was full did. */
  readonly countFeedCutoff: () => void
}

/** The mechanisms, put together once at start and handed to every rule. */
export interface Services {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Store
  /** Origins that serve widgets of this server's own. */
  readonly widgetOrigins: ReadonlySet<string>
  readonly issuer: () => string
  readonly sign: Sign
  readonly verify: Verify
  /** How long something lives that is minted here, in seconds, given how long its kind does. */
  readonly lifetime: (standardSeconds: number) => number
  /** Waits; ends at once when the server stops. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly explainToken: ExplainToken
  readonly keyRing: KeyRing
  readonly refusals: RefusalKeeper
  readonly activity: ActivityCounter
  readonly metrics: CallMetrics
  /** Every credential that a stranger may have made up is checked through it. */
  readonly failureGate: FailureGate
  /** Charges a call to all its meters, or to none; undefined where it has none. */
  readonly consume: (meters: readonly Meter[]) => Promise<Allowance | undefined>
  readonly auditSealer: AuditSealer
  readonly logAudit: LogAudit
  readonly refusalAuditor: RefusalAuditor
}
