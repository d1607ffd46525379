import type { Operation } from './operation.js'

/** A failure that a sandbox account can request to test how its code handles it (docs/sandbox-faults.md). */
export type SandboxFault =
  /** The minted token expires this soon. */
  | { readonly kind: 'expire_in'; readonly seconds: number }
  /** The response is delayed by this much. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The operation refuses the request with this reason. */
  | { readonly kind: 'already_used' | 'revoked' | 'rate_limited' | 'unavailable' }

export type SandboxFaultKind = SandboxFault['kind']

/** A fault as written in the header. */
export type SandboxFaultText =
  | `expire_in=${number}`
  | `slow=${number}`
  | 'already_used'
  | 'revoked'
  | 'rate_limited'
  | 'unavailable'

const mintingFaults = ['expire_in'] as const satisfies readonly SandboxFaultKind[]
const spendingFaults = ['already_used', 'revoked'] as const satisfies readonly SandboxFaultKind[]
/** The faults of every operation. */
const commonFaults = ['rate_limited', 'slow', 'unavailable'] as const satisfies readonly SandboxFaultKind[]

const limits = { expire_in: 14_400, slow: 10_000 } as const

const formats: Readonly<Record<SandboxFaultKind, string>> = {
  expire_in: `expire_in=<1 to ${limits.expire_in} seconds>`,
  already_used: 'already_used',
  revoked: 'revoked',
  rate_limited: 'rate_limited',
  slow: `slow=<1 to ${limits.slow} milliseconds>`,
  unavailable: 'unavailable',
}

type Facts = Pick<Operation, 'mints' | 'spends'>

/** The faults that an operation supports, according to what it mints or spends. */
export const sandboxFaultsOf = ({ mints, spends }: Facts): readonly SandboxFaultKind[] => [
  ...(mints === null ? [] : mintingFaults),
  ...(spends === null ? [] : spendingFaults),
  ...commonFaults,
]

/** Describes the faults that an operation supports, in the format of the header. */
export const describeSandboxFaults = (operation: Facts): string =>
  sandboxFaultsOf(operation)
    .map((kind) => formats[kind])
    .join(', ')

/** Parses a `Hallpass-Sandbox-Fault` header. Returns undefined if it is invalid. */
export function parseSandboxFault(text: string): SandboxFault | undefined {
  if (text === 'already_used' || text === 'revoked' || text === 'rate_limited' || text === 'unavailable') {
    return { kind: text }
  }
  const [, kind, digits] = /^(expire_in|slow)=([1-9]\d{0,4})$/.exec(text) ?? []
  const amount = Number(digits)
  if (kind === 'expire_in' && amount <= limits.expire_in) return { kind, seconds: amount }
  return kind === 'slow' && amount <= limits.slow ? { kind, milliseconds: amount } : undefined
}
