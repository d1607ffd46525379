import type { Operation, TokenKind } from '@hallpass/contracts'
import type { ActivityCounter } from '../activity/count-activity.js'
import type { OriginCounter } from '../activity/count-origins.js'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import type { Deadline } from '../deadline.js'
import type { VerifySubjectToken } from '../identity/verify-subject-token.js'
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
    /** The kind of token that the call spends. */
    readonly spends: TokenKind | null
    readonly transport: Transport
    readonly outcome: Outcome
    readonly seconds: number
  }) => void
  /** A cutoff that no call wrote: the reading of a full feed did. */
  readonly countFeedCutoff: () => void
  /** One attempt to deliver a webhook, by its result. */
  readonly countWebhookAttempt: (result: string) => void
  /** Counts deliveries that get no more attempts. */
  readonly countDeadWebhooks: (count: number) => void
  /** The deliveries that wait, of all servers. */
  readonly showWebhookQueue: (queue: { readonly pending: number; readonly oldestSeconds: number }) => void
}

/** The mechanisms, assembled once at start and passed to every handler. */
export interface Services {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Store
  /** The origins that serve this server's own widgets. */
  readonly widgetOrigins: ReadonlySet<string>
  readonly issuer: () => string
  /** Whether sandbox accounts can ask for faults. */
  readonly offersFaults: boolean
  readonly sign: Sign
  readonly verify: Verify
  /** The lifetime of a token minted here, in seconds, given the default lifetime of its kind. */
  readonly lifetime: (standardSeconds: number) => number
  /** Waits. Ends at once when the server stops. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly explainToken: ExplainToken
  readonly verifySubjectToken: VerifySubjectToken
  /** Whether identity providers and webhook endpoints may be on this machine, for development. */
  readonly allowsLocalIssuers: boolean
  readonly keyRing: KeyRing
  readonly refusals: RefusalKeeper
  readonly activity: ActivityCounter
  readonly origins: OriginCounter
  readonly metrics: CallMetrics
  /** Checks every credential that anyone may have made up. */
  readonly failureGate: FailureGate
  /** Charges a call to all its meters, or to none. Undefined if it has no meters. */
  readonly consume: (meters: readonly Meter[]) => Promise<Allowance | undefined>
  readonly auditSealer: AuditSealer
  readonly logAudit: LogAudit
  readonly refusalAuditor: RefusalAuditor
}

/** What waits for something, bound to the deadline of a call. */
export type Bind = (deadline: Deadline) => Pick<Services, 'store' | 'consume'>
