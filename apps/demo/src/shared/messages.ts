import type { Call, Refusal } from './backend-api.js'

/** Messages from the demo's frames to the host page, beside those of the official bridge protocol. */
export const demoMessages = {
  calls: 'hallpass-demo/calls',
  attempted: 'hallpass-demo/attempted',
} as const

/** What a frame asked, and what was asked for it: for the flow panel. */
export interface CallsMessage {
  readonly type: typeof demoMessages.calls
  readonly calls: readonly Call[]
}

/** What came of an attempt of the evil page; without a refusal it got through, which it should not. */
export interface AttemptedMessage {
  readonly type: typeof demoMessages.attempted
  readonly attempt: string
  readonly refusal?: Refusal
  readonly calls: readonly Call[]
}
