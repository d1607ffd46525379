import type { Operation } from './operation.js'

/** A failure that a sandbox account can ask for, so that its own handling of it can be tested (docs/sandbox-faults.md). */
export type SandboxFault =
  /** The token that is minted ends this soon. */
  | { readonly kind: 'expire_in'; readonly seconds: number }
  /** The answer comes this much later. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The refusal that the operation would give. */
  | { readonly kind: 'already_used' | 'revoked' | 'rate_limited' | 'unavailable' }

export type SandboxFaultKind = SandboxFault['kind']

/** A fault as the header has it. */
export type SandboxFaultText =
  | `expire_in=${number}`
  | `slow=${number}`
  | 'already_used'
  | 'revoked'
  | 'rate_limited'
  | 'unavailable'

const ofMinting = ['expire_in'] as const satisfies readonly SandboxFaultKind[]
const ofSpending = ['already_used', 'revoked'] as const satisfies readonly SandboxFaultKind[]
/** Faults that every operation knows. */
const everywhere = ['rate_limited', 'slow', 'unavailable'] as const satisfies readonly SandboxFaultKind[]

const longest = { expire_in: 14_400, slow: 10_000 } as const

const forms: Readonly<Record<SandboxFaultKind, string>> = {
  expire_in: `expire_in=<1 to ${longest.expire_in} seconds>`,
  already_used: 'already_used',
  revoked: 'revoked',
  rate_limited: 'rate_limited',
  slow: `slow=<1 to ${longest.slow} milliseconds>`,
  unavailable: 'unavailable',
}

type Facts = Pick<Operation, 'mints' | 'spends'>

/** The faults of an operation: those that every operation knows, and those of what it mints or spends. */
export const sandboxFaultsOf = ({ mints, spends }: Facts): readonly SandboxFaultKind[] => [
  ...(mints === null ? [] : ofMinting),
  ...(spends === null ? [] : ofSpending),
  ...everywhere,
]

/** How the faults of an operation are written, for people. */
export const describeSandboxFaults = (operation: Facts): string =>
  sandboxFaultsOf(operation)
    .map((kind) => forms[kind])
    .join(', ')

/** Reads a `Hallpass-Sandbox-Fault` header; undefined for what is none. */
export function parseSandboxFault(text: string): SandboxFault | undefined {
  if (text === 'already_used' || text === 'revoked' || text === 'rate_limited' || text === 'unavailable') {
    return { kind: text }
  }
  const [, kind, digits] = /^(expire_in|slow)=([1-9]\d{0,4})$/.exec(text) ?? []
  const amount = Number(digits)
  if (kind === 'expire_in' && amount <= longest.expire_in) return { kind, seconds: amount }
  return kind === 'slow' && amount <= longest.slow ? { kind, milliseconds: amount } : undefined
}
