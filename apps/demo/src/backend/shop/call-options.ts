import type { CallOptions } from '@hallpass/client'
import type { SandboxFaultText } from '@hallpass/contracts'
import type { CallExtras } from './bodies.js'

/** The options of a call to Hallpass that a page asked for. */
export function optionsOf(extras: CallExtras): CallOptions {
  const { idempotency_key, fault } = extras ?? {}
  return {
    ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
    // Hallpass validates it
    ...(fault === undefined ? {} : { sandboxFault: fault as SandboxFaultText }),
  }
}
