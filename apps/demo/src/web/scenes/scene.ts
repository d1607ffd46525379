import type { WidgetSession } from '@hallpass/contracts'
import type { Call, DemoSettings, Refusal } from '../../shared/backend-api.js'

/** What later steps need of earlier ones. It lives in the page's memory only, as a widget's tokens should. */
export interface Memory {
  readonly session?: WidgetSession | undefined
  readonly visitorToken?: string | undefined
  readonly card?: { readonly token: string; readonly isSpent: boolean } | undefined
}

/** A token as the page shows it. */
export interface ShownToken {
  readonly name: string
  readonly raw: string
}

/** One thing worth seeing in an answer. */
export interface Fact {
  readonly name: string
  readonly value: string
}

/** How one run of a step went. */
export interface StepRun {
  readonly calls: readonly Call[]
  readonly refusal?: Refusal
  readonly facts?: readonly Fact[]
  readonly tokens?: readonly ShownToken[]
  /** Changes to the memory. */
  readonly remember?: Memory
}

export interface StepNeeds {
  readonly settings: DemoSettings
  readonly memory: Memory
}

/** One thing that can be done, for real. */
export interface Step {
  readonly id: string
  readonly title: string
  readonly about: string
  /** The reason it should be refused with; absent where it should succeed. */
  readonly refusedWith?: string
  /** What has to be there first, as a noun; undefined once it is. */
  readonly waitsFor?: (memory: Memory) => string | undefined
  readonly run: (needs: StepNeeds) => Promise<StepRun>
}

/** One token flow from its beginning to its end. */
export interface Scene {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly steps: readonly Step[]
}

/** Whether a step went as it should, which for some is a refusal. */
export function wentRight({ refusedWith }: Step, { refusal }: StepRun): boolean {
  return refusal?.reason === refusedWith
}
