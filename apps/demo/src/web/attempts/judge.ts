import type { Reason } from '@hallpass/contracts'
import type { ShownCall } from '../flow/exchange.js'

/** How a control says no: by a reason, or by calling a token inactive, which introspection answers with 200. */
export type Control = Reason | 'inactive'

/** What came of an attempt: its control stopped it, it got through, or something else came before either. */
export type Verdict = 'stopped' | 'passed' | 'untried'

/** Judges the call that a control should have stopped. A refusal for another reason, or no answer, proves nothing about it. */
export function judge(call: ShownCall, control: Control): Verdict {
  const { status } = call
  if (status === undefined || status >= 400) return reasonOf(call) === control ? 'stopped' : 'untried'
  return control === 'inactive' && isInactive(call) ? 'stopped' : 'passed'
}

/** Why a call was refused, as its door says it: in a header, or in tRPC's body. */
export function reasonOf({ response }: ShownCall): string | undefined {
  const body = response?.body as { error?: { data?: { reason?: string } } } | undefined
  return response?.headers['x-error-reason'] ?? body?.error?.data?.reason
}

/** Introspection says no with exactly this body (RFC 7662 section 2.2), which tRPC wraps. */
function isInactive({ response }: ShownCall): boolean {
  const body = response?.body as { result?: { data?: unknown } } | undefined
  return JSON.stringify(body?.result?.data) === '{"active":false}'
}
