import { useCallback } from 'react'
import { DataTable } from '../parts/data-table.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { TextForm } from '../parts/text-form.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { type Account, useHallpass, useHolds, useSession } from '../session/session.js'
import { AccountActions, type AccountPatch } from './account-actions.js'

/** The account and its children. The console can act on each of them. */
export function AccountsSection() {
  const hallpass = useHallpass()
  const { account: current, actOn } = useSession()
  const canChange = useHolds('admin')
  const list = useList<Account>(useCallback((cursor) => hallpass.admin.accounts.list({ cursor }), [hallpass]))
  const { isBusy, problem, run } = useAction()
  const change = ({ id }: Account, patch: AccountPatch) =>
    run(async () => {
      await hallpass.admin.accounts.update({ account_id: id, ...patch })
      await list.again()
    })
  const actions = {
    head: 'Actions',
    cell: (account: Account) => (
      <AccountActions account={account} isBusy={isBusy} onChange={(patch) => change(account, patch)} />
    ),
  }
  return (
    <>
      <p className="quiet">
        A child account has its own keys, customers and cards. Keys of its parent can act on it; other keys can’t.
      </p>
      <Problem error={problem} />
      <DataTable
        caption="Accounts"
        list={list}
        keyOf={({ id }) => id}
        textOf={({ id, name, tenant }) => [id, name, tenant]}
        empty="No accounts."
        columns={[
          { head: 'Name', cell: ({ name }) => <b>{name || 'unnamed'}</b> },
          { head: 'Tenant', cell: ({ tenant }) => <code>{tenant}</code> },
          { head: 'Id', cell: ({ id }) => <code>{id}</code> },
          { head: 'Environment', cell: ({ environment }) => environment },
          {
            head: 'Calls per second',
            cell: ({ rate_limit: { requests_per_second: limit } }) => (limit === 0 ? 'no limit' : limit),
          },
          {
            head: 'Status',
            cell: ({ disabled }) => (
              <span className="status" data-kind={disabled ? 'bad' : 'good'}>
                {disabled ? 'disabled' : 'active'}
              </span>
            ),
          },
          {
            head: 'Shown here',
            cell: (account) =>
              account.id === current.id ? (
                <span className="status">this account</span>
              ) : (
                <SmallButton of={account.name || account.tenant} onClick={() => actOn(account)}>
                  Switch to
                </SmallButton>
              ),
          },
          ...(canChange ? [actions] : []),
        ]}
      />
      {canChange && (
        <TextForm
          title="Create a child account"
          verb="Create"
          fields={{
            name: { label: 'Name' },
            tenant: {
              label: 'Tenant label',
              hint: 'Card widgets show it to tell accounts apart. No other account under the same root may have it.',
              placeholder: '2_4',
              isRequired: true,
            },
          }}
          create={async (input) => {
            await hallpass.admin.accounts.create(input)
            await list.again()
          }}
        />
      )}
    </>
  )
}
