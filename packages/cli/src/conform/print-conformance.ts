import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { widgetTypes } from '@hallpass/contracts/core'
import { printValue } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import { UsageError } from '../errors.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { type Api, apis } from './check.js'
import { type Result, runChecks, type Section, type Selection } from './run-checks.js'
import { sender, type Target } from './target.js'

export interface ConformFlags {
  readonly api?: readonly string[]
  readonly customerId?: string
  readonly clientKey?: string
  readonly origin?: string
  readonly cardId?: string
  readonly widgetType?: string
  readonly limitedApiKey?: string
  readonly create?: boolean
  readonly wait?: boolean
  readonly hallpass?: boolean
  readonly json?: boolean
}

/** Checks a server and prints each difference. Returns 1 if there is one, and 2 if nothing could be checked. */
export async function printConformance(io: Io, globals: Globals, flags: ConformFlags): Promise<number> {
  const ended = new AbortController()
  const target = targetOf(io, globals, { ...flags, ended: ended.signal })
  const selection = selectionOf(flags)
  const transform = await compileTransform('transform', globals.transform)
  // a check that still waits must not keep the process alive
  const sections = await runChecks(target, selection).finally(() => ended.abort())
  const { format, color } = globals
  const isReadable = !flags.json && !transform && (format === 'auto' || format === 'pretty')
  if (isReadable) io.stdout.write(describe(sections, { color, baseUrl: target.baseUrl }))
  else {
    const value = { base_url: target.baseUrl, ...countsOf(sections), apis: sections }
    await printValue(io, value, { format: format === 'auto' ? 'json' : format, color, transform })
  }
  const { same, different } = countsOf(sections)
  if (different > 0) return 1
  return same > 0 ? 0 : 2
}

function targetOf(io: Io, globals: Globals, flags: ConformFlags & { readonly ended: AbortSignal }): Target {
  const { env } = io
  const widgetType = flags.widgetType ?? 'REVEAL'
  if (!widgetTypes.some((one) => one === widgetType)) {
    throw new UsageError(`--widget-type must be one of ${widgetTypes.join(', ')}.`)
  }
  return {
    baseUrl: globals.baseUrl,
    apiKey: globals.apiKey ?? '',
    customer: flags.customerId ?? env.HALLPASS_CONFORM_CUSTOMER_ID ?? '',
    clientKey: flags.clientKey ?? env.HALLPASS_CONFORM_CLIENT_KEY ?? '',
    origin: flags.origin ?? env.HALLPASS_CONFORM_ORIGIN ?? '',
    card: flags.cardId ?? env.HALLPASS_CONFORM_CARD_ID ?? '',
    widgetType,
    limitedKey: flags.limitedApiKey ?? env.HALLPASS_CONFORM_LIMITED_API_KEY ?? '',
    run: `conform-${randomBytes(8).toString('hex')}`,
    send: sender(io.fetch, globals.baseUrl, globals.timeoutSeconds),
    wait: (seconds) => delay(seconds * 1000, undefined, { signal: flags.ended }),
  }
}

function selectionOf(flags: ConformFlags): Selection {
  const { api: chosen = apis, create = false, wait = false, hallpass = false } = flags
  const isApi = (name: string): name is Api => apis.some((api) => api === name)
  const unknown = chosen.filter((name) => !isApi(name))
  if (unknown.length > 0) throw new UsageError(`--api must be one of ${apis.join(', ')}.`)
  return { create, wait, additions: hallpass, apis: chosen.filter(isApi) }
}

function countsOf(sections: readonly Section[]) {
  const all = sections.flatMap(({ results }) => results)
  const count = (outcome: Result['outcome']) => all.filter((one) => one.outcome === outcome).length
  return { same: count('same'), different: count('different'), skipped: count('skipped') }
}

const marks = { same: '✓', different: '✗', skipped: '-' } as const
const colors = { same: 32, different: 31, skipped: 33 } as const

function describe(sections: readonly Section[], { color, baseUrl }: { color: boolean; baseUrl: string }): string {
  const mark = (outcome: Result['outcome']) =>
    color ? `\u001b[${colors[outcome]}m${marks[outcome]}\u001b[39m` : marks[outcome]
  const describeResult = ({ id, title, outcome, differences = [] }: Result): string[] => [
    `${mark(outcome)} ${id}: ${title}`,
    ...differences.map(({ what, expected, received }) => `    ${what}: expected ${expected}, received ${received}`),
  ]
  const lines = sections.flatMap(({ api, missing, results }) =>
    missing.length > 0 ? [`- ${api}: not checked without ${missing.join(', ')}`] : results.flatMap(describeResult),
  )
  return `${[...lines, '', ...summarize(sections, baseUrl)].join('\n')}\n`
}

function summarize(sections: readonly Section[], baseUrl: string): string[] {
  const { same, different, skipped } = countsOf(sections)
  const summary = `${baseUrl}: ${same} as documented, ${different} different, ${skipped} skipped.`
  const results = sections.flatMap((section) => section.results)
  const without = (flag: string) => results.filter((one) => one.flag === flag)
  const creates = without('--create').flatMap((one) => one.creates ?? [])
  const others = ['--wait', '--limited-api-key'].filter((flag) => without(flag).length > 0)
  return [
    summary,
    ...(creates.length > 0 ? ['Add --create to run the skipped checks:'] : []),
    ...[...new Set(creates)].map((call) => `  ${call}`),
    ...others.map(
      (flag) =>
        `Add ${flag} to run ${without(flag)
          .map(({ id }) => id)
          .join(', ')}.`,
    ),
  ]
}
