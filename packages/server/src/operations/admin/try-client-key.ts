import {
  type AllowlistRule,
  allowsOrigin,
  type Operations,
  type OutputOf,
  type ParsedInputOf,
  parseAllowlistEntry,
} from '@hallpass/contracts'
import type { OriginCounter } from '../../activity/count-origins.js'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { OriginCount } from '../../store/queries/origin-counts.js'
import type { Store } from '../../store/store.js'
import { toTime } from './pagination.js'

type Try = Operations['admin.clientKeys.try']
type Origin = OutputOf<Try>['origins'][number]

interface Deps {
  readonly account: Pick<Account, 'id'>
  readonly clock: Pick<Clock, 'now'>
  readonly origins: Pick<OriginCounter, 'flush'>
  readonly store: Pick<Store, 'findClientKeyById' | 'countCallsByOrigin' | 'listObservedOrigins'>
}

/** What a list of allowed origins would have done to the calls of the last 24 hours. The counts of this process are current. */
export const tryClientKey = {
  async run(deps: Deps, { client_key_id, origin_allowlist }: ParsedInputOf<Try>): Promise<OutputOf<Try>> {
    const { account, clock, origins, store } = deps
    const key = await store.findClientKeyById(account.id, client_key_id)
    if (!key) throw new HallpassError('not_found', messages.notInAccount('client key'))
    await origins.flush()
    const counts = await store.countCallsByOrigin(account.id, key.id, startOfDay(clock.now()))
    const rules = origin_allowlist?.flatMap((entry) => parseAllowlistEntry(entry) ?? []) ?? key.allowlist
    const observed = await store.listObservedOrigins({ accountId: account.id, clientKeyId: key.id })
    const unlisted_origins = observed.map(({ origin, seenAt }) => ({
      origin,
      seen_at: toTime(seenAt),
      would_be_allowed: allowsOrigin(rules, origin),
    }))
    return { ...compare(counts, rules), unlisted_origins }
  },
}

const hourMilliseconds = 3_600_000

/** The beginning of the hour of a day ago, because calls are counted by the hour. */
const startOfDay = (now: number) => (Math.floor(now / hourMilliseconds) - 24) * hourMilliseconds

type Count = Pick<OriginCount, 'origin' | 'outcome' | 'calls'>

/** Counts the calls whose outcome would have been another one. */
function compare(counts: readonly Count[], rules: readonly AllowlistRule[]): Omit<OutputOf<Try>, 'unlisted_origins'> {
  const origins = new Map<string, Origin>()
  let other_calls = 0
  for (const { origin, outcome, calls } of counts) {
    if (origin === '') {
      other_calls += calls
      continue
    }
    const isAllowed = allowsOrigin(rules, origin)
    const row = origins.get(origin) ?? { origin, allowed_calls: 0, refused_calls: 0, would_be_allowed: isAllowed }
    origins.set(origin, { ...row, [`${outcome}_calls`]: calls })
  }
  const all = [...origins.values()]
  const would_refuse = totalOf(all.filter(({ would_be_allowed }) => !would_be_allowed).map((row) => row.allowed_calls))
  const would_allow = totalOf(all.filter(({ would_be_allowed }) => would_be_allowed).map((row) => row.refused_calls))
  return { origins: all, other_calls, would_refuse, would_allow, summary: summaryOf(would_refuse, would_allow) }
}

interface Total {
  readonly calls: number
  readonly origins: number
}

const totalOf = (calls: readonly number[]): Total => ({
  calls: calls.reduce((sum, count) => sum + count, 0),
  origins: calls.filter((count) => count > 0).length,
})

const span = 'in the last 24 hours'

function summaryOf(refused: Total, allowed: Total): string {
  const parts = [
    ...(refused.calls > 0 ? [`refused ${inWords(refused)}`] : []),
    ...(allowed.calls > 0 ? [`allowed ${inWords(allowed)}`] : []),
  ]
  if (parts.length === 0) return `This would have changed nothing ${span}.`
  return `This would have ${parts.join(' and ')} ${span}.`
}

const inWords = ({ calls, origins }: Total) => `${counted(calls, 'call')} from ${counted(origins, 'origin')}`
const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`
