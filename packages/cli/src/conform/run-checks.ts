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
  limitedKey: '--limited-api-key',
}

export interface Result {
  readonly id: string
  readonly title: string
  readonly outcome: 'same' | 'different' | 'skipped'
  /** The flag without which the check is skipped. */
  readonly flag?: string
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
  /** Whether the checks run that wait until a token has expired. */
  readonly wait: boolean
  /** Whether what only Hallpass promises is checked. */
  readonly additions: boolean
  readonly apis: readonly Api[]
}

/** The flags that an API lacks. */
const missingFor = (api: Api, target: Target): string[] =>
  needed[api].filter((name) => !target[name]).map((name) => flags[name] ?? name)

/** Runs the checks one after another, so that a server isn't flooded. Those that wait start first, and wait together. */
export async function runChecks(target: Target, selection: Selection): Promise<Section[]> {
  const chosen = apis
    .filter((api) => selection.apis.includes(api))
    .map((api) => ({ api, missing: missingFor(api, target), started: checksOf(api, target, selection) }))
  const sections: Section[] = []
  for (const { api, missing, started } of chosen) {
    const results: Result[] = []
    for (const { check, waiting } of started) results.push(await (waiting ?? runCheck(check, target, selection)))
    sections.push({ api, missing, results })
  }
  return sections
}

function checksOf(api: Api, target: Target, selection: Selection) {
  if (missingFor(api, target).length > 0) return []
  const wanted = checks[api].filter(({ addition }) => selection.additions || !addition)
  return wanted.map((check) => {
    const waiting = check.waits ? runCheck(check, target, selection) : undefined
    // it is awaited later, and must not end the process before
    waiting?.catch(() => {})
    return { check, waiting }
  })
}

/** The flag without which a check is skipped. */
function flagFor({ creates, waits, needs }: Check, target: Target, { create, wait }: Selection): string | undefined {
  if (needs && !target[needs]) return flags[needs]
  if (creates.length > 0 && !create) return '--create'
  return waits && !wait ? '--wait' : undefined
}

async function runCheck(check: Check, target: Target, selection: Selection): Promise<Result> {
  const { id, title, creates, run } = check
  const creating = creates.length > 0 ? { creates } : {}
  const flag = flagFor(check, target, selection)
  if (flag !== undefined) return { id, title, outcome: 'skipped', flag, ...creating }
  const differences = await run(target)
  if (differences.length === 0) return { id, title, outcome: 'same', ...creating }
  return { id, title, outcome: 'different', ...creating, differences }
}
