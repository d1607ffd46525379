import { cardStatuses } from '@hallpass/contracts/core'
import { useCallback, useState } from 'react'
import { DataTable } from '../parts/data-table.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { StatusSelect } from '../parts/status-select.js'
import { TextForm } from '../parts/text-form.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'
import type { Card } from '../types.js'
import { EditCard } from './edit-card.js'

/** Cards and their status, which decides the widgets that can be opened. */
export function CardsSection() {
  const hallpass = useHallpass()
  const list = useList<Card>(useCallback((cursor) => hallpass.admin.cards.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const [editing, setEditing] = useState<Card>()
  const { isBusy, problem, run } = useAction()
  const change = ({ id, customer_id }: Card, patch: Partial<Omit<Card, 'id'>>) =>
    run(async () => {
      await hallpass.admin.cards.upsert({ id, customer_id, ...patch })
      await list.again()
    })
  const actions = {
    head: 'Actions',
    cell: (card: Card) => (
      <SmallButton of={`the card ${card.last_four ?? card.id}`} isBusy={isBusy} onClick={() => setEditing(card)}>
        Edit
      </SmallButton>
    ),
  }
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
                onChange={(status) => change(card, { status })}
              />
            ),
          },
          ...(canChange ? [actions] : []),
        ]}
      />
      {editing && (
        <EditCard card={editing} onSave={(patch) => change(editing, patch)} onClose={() => setEditing(undefined)} />
      )}
      {canChange && (
        <TextForm
          title="Add a card"
          verb="Add"
          fields={{
            customer_id: { label: 'Customer id', isRequired: true },
            last_four: { label: 'Last four digits', hint: 'Optional.' },
            id: {
              label: 'Card id',
              hint: 'The UUID of the card in your system. If empty, the console chooses one.',
            },
          }}
          create={async ({ id, customer_id, last_four }) => {
            const input = { id: id || crypto.randomUUID(), customer_id, last_four: last_four || null }
            await hallpass.admin.cards.upsert(input)
            await list.again()
          }}
        />
      )}
    </>
  )
}
