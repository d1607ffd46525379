import type { Operations, OutputOf } from '@hallpass/contracts'
import { customerStatuses } from '@hallpass/contracts/core'
import { useCallback, useState } from 'react'
import { DataTable } from '../parts/data-table.js'
import { Problem } from '../parts/problem.js'
import { Rename } from '../parts/rename.js'
import { SmallButton } from '../parts/small-button.js'
import { StatusSelect } from '../parts/status-select.js'
import { TextForm } from '../parts/text-form.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'

type Customer = OutputOf<Operations['admin.customers.list']>['data'][number]

/** Customers and their status, which decides whether the bank widget can be opened. */
export function CustomersSection() {
  const hallpass = useHallpass()
  const list = useList<Customer>(useCallback((cursor) => hallpass.admin.customers.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const [renaming, setRenaming] = useState<Customer>()
  const { isBusy, problem, run } = useAction()
  const change = ({ id }: Customer, patch: Partial<Omit<Customer, 'id'>>) =>
    run(async () => {
      await hallpass.admin.customers.upsert({ id, ...patch })
      await list.again()
    })
  const actions = {
    head: 'Actions',
    cell: (customer: Customer) => (
      <SmallButton of={customer.name || customer.id} isBusy={isBusy} onClick={() => setRenaming(customer)}>
        Rename
      </SmallButton>
    ),
  }
  return (
    <>
      <p className="quiet">Rejected and inactive customers can’t get a bridge token.</p>
      <Problem error={problem} />
      <DataTable
        caption="Customers"
        list={list}
        keyOf={({ id }) => id}
        textOf={({ id, name, status }) => [id, name, status]}
        empty="No customers yet."
        columns={[
          { head: 'Name', cell: (customer) => <b>{customer.name || 'unnamed'}</b> },
          { head: 'Id', cell: ({ id }) => <code>{id}</code> },
          {
            head: 'Status',
            cell: (customer) => (
              <StatusSelect
                isReadOnly={!canChange}
                label={`Status of ${customer.name}`}
                value={customer.status}
                options={customerStatuses}
                onChange={(status) => change(customer, { status })}
              />
            ),
          },
          ...(canChange ? [actions] : []),
        ]}
      />
      {renaming && (
        <Rename
          label={renaming.name || renaming.id}
          name={renaming.name}
          onRename={(name) => change(renaming, { name })}
          onClose={() => setRenaming(undefined)}
        />
      )}
      {canChange && (
        <TextForm
          title="Add a customer"
          verb="Add"
          fields={{
            name: { label: 'Name', isRequired: true },
            id: {
              label: 'Customer id',
              hint: 'The UUID of the customer in your system. If empty, the console chooses one.',
            },
          }}
          create={async ({ id, name }) => {
            await hallpass.admin.customers.upsert({ id: id || crypto.randomUUID(), name, status: 'verified' })
            await list.again()
          }}
        />
      )}
    </>
  )
}
