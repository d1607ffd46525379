import type { DemoSettings } from '../../shared/backend-api.js'
import type { ShownCall } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'
import type { Control } from './judge.js'

/** What an attempt can use. */
export interface AttemptDeps {
  readonly flow: Flow
  readonly settings: DemoSettings
  /** Where an attempt can show the attacker's page. */
  readonly stage: HTMLElement
}

/** An attack or a mistake. It gets its own tokens, so it can run at any time. */
export interface Attempt {
  readonly id: string
  readonly title: string
  /** One sentence about what is attempted. */
  readonly about: string
  /** One sentence about the control that stops it. */
  readonly control: string
  /** The control's response. */
  readonly stoppedBy: Control
  /** Runs the attempt. Resolves to the call that should have been stopped. */
  readonly run: (deps: AttemptDeps) => Promise<ShownCall>
}
