import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { ActivityCounter } from '../../activity/count-activity.js'
import type { Clock } from '../../clock.js'
import type { Store } from '../../store/store.js'
import { toTime } from './pagination.js'

type List = Operations['admin.activity.list']

interface Deps {
  readonly account: { readonly id: string }
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<Store, 'listActivity'>
  readonly activity: Pick<ActivityCounter, 'flush'>
}

const hourMilliseconds = 3_600_000

/** The calls of an account in the last hours, counted by minute. The counts of this process are current. */
export const listActivity = {
  async run(deps: Deps, { hours }: ParsedInputOf<List>): Promise<OutputOf<List>> {
    await deps.activity.flush()
    const counts = await deps.store.listActivity(deps.account.id, deps.clock.now() - hours * hourMilliseconds)
    const data = counts.map(({ minute, operation, outcome, count }) => ({
      minute: toTime(minute),
      operation,
      outcome,
      count,
    }))
    return { data }
  },
}
