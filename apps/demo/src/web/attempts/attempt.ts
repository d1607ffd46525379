import type { DemoSettings } from '../../shared/backend-api.js'
import type { ShownCall } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'
import type { Control } from './judge.js'

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
  /** How that control says no. */
  readonly stoppedBy: Control
  /** Tries it; resolves to the call that should have been stopped. */
  readonly run: (needs: AttemptNeeds) => Promise<ShownCall>
}
