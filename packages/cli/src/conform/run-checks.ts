import { bridgeChecks } from './bridge-checks.js'
import { cardChecks } from './card-checks.js'
import { type Api, apis, type Check, type Difference } from './check.js'
import type { Target } from './target.js'
import { visitorChecks } from './visitor-checks.js'

const checks: Readonly<Record<Api, readonly Check[]>> = {
  bridge: bridgeChecks,
  visitor: visitorChecks,
  card: cardChecks,
}

/** What the checks of each API need. */
const needed: Readonly<Record<Api, readonly (keyof Target)[]>> = {
  bridge: ['apiKey', 'customer'],
  visitor: ['apiKey', 'clientKey', 'origin'],
  card: ['apiKey', 'card'],
}
const flags: Partial<Record<keyof Target, string>> = {
  apiKey: '--api-key',
  customer: '--customer-id',
  clientKey: '--client-key',
  origin: '--origin',
  card: '--card-id',
}

export interface Result {
  readonly id: string
  readonly title: string
  readonly outcome: 'same' | 'different' | 'skipped'
  /** What the check creates. */
  readonly creates?: readonly string[]
  readonly differences?: readonly Difference[]
}

export interface Section {
  readonly api: Api
  /** The flags without which the API can't be checked. Then it has no results. */
  readonly missing: readonly string[]
  readonly results: readonly Result[]
}

export interface Selection {
  /** Whether the checks run that create something. */
  readonly create: boolean
  /** Whether what only Hallpass promises is checked. */
  readonly additions: boolean
  readonly apis: readonly Api[]
}

/** The flags that an API lacks. */
const missingFor = (api: Api, target: Target): string[] =>
  needed[api].filter((name) => !target[name]).map((name) => flags[name] ?? name)

/** Runs the checks one after another, so that a server isn't flooded. */
export async function runChecks(target: Target, selection: Selection): Promise<Section[]> {
  const sections: Section[] = []
  for (const api of apis.filter((one) => selection.apis.includes(one))) {
    const missing = missingFor(api, target)
    const results: Result[] = []
    for (const check of missing.length > 0 ? [] : checks[api]) {
      if (selection.additions || !check.addition) results.push(await runCheck(check, target, selection.create))
    }
    sections.push({ api, missing, results })
  }
  return sections
}

async function runCheck({ id, title, creates, run }: Check, target: Target, create: boolean): Promise<Result> {
  const creating = creates.length > 0 ? { creates } : {}
  if (creates.length > 0 && !create) return { id, title, outcome: 'skipped', ...creating }
  const differences = await run(target)
  if (differences.length === 0) return { id, title, outcome: 'same', ...creating }
  return { id, title, outcome: 'different', ...creating, differences }
}
