import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { ListState } from '../parts/list-state.js'
import { SmallButton } from '../parts/small-button.js'
import { Table } from '../parts/table.js'
import { useList } from '../parts/use-list.js'
import { useHallpass } from '../session/session.js'
import { Choices } from '../ui/choices.js'
import { useParameter } from '../ui/router.js'
import { ActivityChart } from './activity-chart.js'
import { countByOperation } from './count-activity.js'

export type Activity = OutputOf<Operations['admin.activity.list']>['data'][number]

const spans = { '1 hour': 1, '3 hours': 3, '6 hours': 6 } as const

type Span = keyof typeof spans

const names = Object.keys(spans) as Span[]

/** Calls by minute and by operation, and how many of them were refused. */
export function ActivitySection() {
  const hallpass = useHallpass()
  const [chosen, setChosen] = useParameter('last')
  const span = names.find((name) => name === chosen) ?? '1 hour'
  const hours = spans[span]
  const list = useList<Activity>(useCallback(() => hallpass.admin.activity.list({ hours }), [hallpass, hours]))
  const items = list.items ?? []
  return (
    <>
      <div className="actions">
        <Choices label="Last" options={names} value={span} onChange={setChosen} />
        <SmallButton onClick={list.again}>Refresh</SmallButton>
      </div>
      <ListState list={list} empty="No calls yet. Calls appear here after a few seconds." />
      {list.items && <ActivityChart activity={items} hours={hours} />}
      <Table
        caption="Calls by operation"
        items={countByOperation(items)}
        keyOf={({ operation }) => operation}
        columns={[
          { head: 'Operation', cell: ({ operation }) => <code>{operation}</code> },
          { head: 'Succeeded', cell: ({ ok }) => ok },
          { head: 'Refused', cell: ({ refused }) => refused },
          { head: 'Top reason', cell: ({ mostly }) => mostly },
        ]}
      />
    </>
  )
}
