import type { Refusal } from '../../shared/backend-api.js'
import type { BridgeOpened, Institution, PaykeyResponse } from '../../shared/bridge-api.js'

/** The customer's current step. */
export type BridgeFlow =
  | { readonly at: 'connecting' }
  /** The token is invalid, or the service is unreachable. */
  | { readonly at: 'failed'; readonly refusal: Refusal }
  | (Opened & { readonly at: 'choosing' })
  | (Opened & { readonly at: 'typing'; readonly refusal?: Refusal })
  | (Opened & { readonly at: 'consenting'; readonly institution: Institution; readonly refusal?: Refusal })
  | (Opened & { readonly at: 'done'; readonly paykey: PaykeyResponse })

interface Opened {
  readonly token: string
  readonly opened: BridgeOpened
}

export type BridgeEvent =
  | { readonly type: 'opened'; readonly token: string; readonly opened: BridgeOpened }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'chose'; readonly institution: Institution }
  | { readonly type: 'wants-to-type' }
  | { readonly type: 'went-back' }
  | { readonly type: 'connected'; readonly paykey: PaykeyResponse }

export const start: BridgeFlow = { at: 'connecting' }

/** The next step. An event that doesn't apply to the current step changes nothing. */
export function nextFlow(flow: BridgeFlow, event: BridgeEvent): BridgeFlow {
  if (event.type === 'opened') return { at: 'choosing', token: event.token, opened: event.opened }
  if (flow.at === 'connecting' || flow.at === 'failed') {
    return event.type === 'refused' ? { at: 'failed', refusal: event.refusal } : flow
  }
  const { token, opened } = flow
  if (event.type === 'went-back') return { at: 'choosing', token, opened }
  if (flow.at === 'choosing') {
    if (event.type === 'chose') return { at: 'consenting', token, opened, institution: event.institution }
    return event.type === 'wants-to-type' ? { at: 'typing', token, opened } : flow
  }
  if (flow.at === 'done') return flow
  if (event.type === 'connected') return { at: 'done', token, opened, paykey: event.paykey }
  return event.type === 'refused' ? refusedAt(flow, event.refusal) : flow
}

/** Retrying can't fix an invalid token. After any other error, the customer can try again. */
function refusedAt(flow: Extract<BridgeFlow, { at: 'typing' | 'consenting' }>, refusal: Refusal): BridgeFlow {
  return refusal.reason === 'invalid_token' ? { at: 'failed', refusal } : { ...flow, refusal }
}
