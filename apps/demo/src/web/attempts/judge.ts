import type { Reason } from '@hallpass/contracts'
import type { ShownCall } from '../flow/exchange.js'

/** How a control refuses: with a reason, or by reporting the token as inactive, which introspection does with a 200. */
export type Control = Reason | 'inactive'

/** The result of an attempt: its control stopped it, it got through, or the call failed before it reached the control. */
export type Verdict = 'stopped' | 'passed' | 'inconclusive'

/** Judges the call that the control should have stopped. Another reason, or no response, proves nothing about the control. */
export function judge(call: ShownCall, control: Control): Verdict {
  const { status } = call
  if (status === undefined || status >= 400) return reasonOf(call) === control ? 'stopped' : 'inconclusive'
  return control === 'inactive' && isInactive(call) ? 'stopped' : 'passed'
}

/** Why a call was refused: REST sends the reason in a header, tRPC in the body. */
export function reasonOf({ response }: ShownCall): string | undefined {
  const body = response?.body as { error?: { data?: { reason?: string } } } | undefined
  return response?.headers['x-error-reason'] ?? body?.error?.data?.reason
}

/** For an inactive token, introspection returns exactly this body (RFC 7662, section 2.2), wrapped by tRPC. */
function isInactive({ response }: ShownCall): boolean {
  const body = response?.body as { result?: { data?: unknown } } | undefined
  return JSON.stringify(body?.result?.data) === '{"active":false}'
}
