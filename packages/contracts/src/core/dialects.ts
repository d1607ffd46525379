import { type Reason, reasons } from './reasons.js'

/** How responses are worded: the Bridge API's `envelope`, the Visitor API's `text`, the Card API's `code`, and `oauth` (RFC 6749 section 5.2). */
export type Dialect = 'envelope' | 'text' | 'code' | 'oauth'

/** Reasons that a dialect publishes by another name. The name decides the status: what is 409 elsewhere is 422 in the Card API. */
const ownNames = {
  code: {
    idempotency_conflict: 'idempotency_invalid_reuse',
    idempotency_in_progress: 'idempotency_concurrent_use',
  },
} as const

type OwnName = (typeof ownNames)['code'][keyof (typeof ownNames)['code']]

/** What the service refuses a call for. Callers see it by the name that their dialect gives it. */
export type RefusalReason = Exclude<Reason, OwnName>

const isOwnName = (reason: string): boolean => Object.values<string>(ownNames.code).includes(reason)

// the keys of the table are the reasons
export const refusalReasons = Object.keys(reasons).filter((reason) => !isOwnName(reason)) as RefusalReason[]

/** The reason that a caller sees, if the refusal is worded in this dialect. */
export function publishedReason(reason: RefusalReason, dialect: Dialect | undefined): Reason {
  const own: Partial<Record<RefusalReason, Reason>> = dialect === 'code' ? ownNames.code : {}
  return own[reason] ?? reason
}
