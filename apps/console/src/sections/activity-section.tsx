import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { ListState } from '../parts/list-state.js'
import { useHallpass } from '../session/session.js'
import { Choices } from '../ui/choices.js'
import '../parts/data-table.css'
import { SmallButton } from '../parts/small-button.js'
import { useList } from '../parts/use-list.js'
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
      {items.length > 0 && (
        <table className="data">
          <caption className="visually-hidden">Calls by operation</caption>
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col">Succeeded</th>
              <th scope="col">Refused</th>
              <th scope="col">Top reason</th>
            </tr>
          </thead>
          <tbody>
            {countByOperation(items).map(({ operation, ok, refused, mostly }) => (
              <tr key={operation}>
                <td data-head="Operation">
                  <code>{operation}</code>
                </td>
                <td data-head="Succeeded">{ok}</td>
                <td data-head="Refused">{refused}</td>
                <td data-head="Top reason">{mostly}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
