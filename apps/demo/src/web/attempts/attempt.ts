import type { DemoSettings } from '../../shared/backend-api.js'
import type { ShownCall } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'

/** What an attempt may use. */
export interface AttemptNeeds {
  readonly flow: Flow
  readonly settings: DemoSettings
  /** Where a page may be shown that takes part. */
  readonly stage: HTMLElement
}

/** Something that an attacker, or a mistake, would try. It makes its own tokens, so it can be tried at any time. */
export interface Attempt {
  readonly id: string
  readonly title: string
  /** What is tried, in one sentence. */
  readonly about: string
  /** Which control stops it, in one sentence. */
  readonly control: string
  /** Tries it; resolves to the call that should have been stopped. */
  readonly run: (needs: AttemptNeeds) => Promise<ShownCall>
  /** Whether that call was stopped; a refusal, when nothing else is said. */
  readonly isStopped?: (call: ShownCall) => boolean
}

/** Introspection answers 200, and says no with exactly this body (RFC 7662 section 2.2). */
export function isInactive({ response }: ShownCall): boolean {
  return JSON.stringify(bareBody(response?.body)) === '{"active":false}'
}

/** tRPC wraps a result. */
function bareBody(body: unknown): unknown {
  const wrapped = body as { result?: { data?: unknown } } | undefined
  return wrapped?.result?.data ?? body
}
