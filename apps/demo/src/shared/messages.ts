import type { Call, Refusal } from './backend-api.js'

/** Messages from the demo's frames to the host page, in addition to the official bridge protocol. */
export const demoMessages = {
  calls: 'hallpass-demo/calls',
  attempted: 'hallpass-demo/attempted',
} as const

/** The calls that a frame and its backend made, for the diagram. */
export interface CallsMessage {
  readonly type: typeof demoMessages.calls
  readonly calls: readonly Call[]
}

/** The result of an attempt by the attacker's page. Without a refusal, the attempt got through, which is a bug. */
export interface AttemptedMessage {
  readonly type: typeof demoMessages.attempted
  readonly attempt: string
  readonly refusal?: Refusal
  readonly calls: readonly Call[]
}
