import type { Operations, OutputOf } from '@hallpass/contracts'
import { type CardStatus, cardStatuses } from '@hallpass/contracts/core'
import { useCallback } from 'react'
import { DataTable } from '../parts/data-table.js'
import { Problem } from '../parts/problem.js'
import { StatusSelect } from '../parts/status-select.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'

type Card = OutputOf<Operations['admin.cards.list']>['data'][number]

/** Cards and their status, which decides the widgets that can be opened. */
export function CardsSection() {
  const hallpass = useHallpass()
  const list = useList<Card>(useCallback((cursor) => hallpass.admin.cards.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const { problem, run } = useAction()
  const change = ({ last_four, ...card }: Card, status: CardStatus) =>
    run(async () => {
      await hallpass.admin.cards.upsert({ ...card, ...(last_four === null ? {} : { last_four }), status })
      await list.again()
    })
  return (
    <>
      <p className="quiet">
        <code>ACTIVATE</code> requires an unactivated card. Every other widget requires an active one.
      </p>
      <Problem error={problem} />
      <DataTable
        caption="Cards"
        list={list}
        keyOf={({ id }) => id}
        textOf={({ id, customer_id, last_four, status }) => [id, customer_id, last_four, status]}
        empty="No cards yet."
        columns={[
          {
            head: 'Card',
            cell: ({ last_four }) => <b>{last_four === null ? 'No number yet' : `Ends in ${last_four}`}</b>,
          },
          { head: 'Id', cell: ({ id }) => <code>{id}</code> },
          { head: 'Customer', cell: ({ customer_id }) => <code>{customer_id}</code> },
          {
            head: 'Status',
            cell: (card) => (
              <StatusSelect
                isReadOnly={!canChange}
                label={`Status of the card ${card.last_four ?? card.id}`}
                value={card.status}
                options={cardStatuses}
                onChange={(status) => change(card, status)}
              />
            ),
          },
        ]}
      />
    </>
  )
}
