import { useCallback, useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { DataTable } from '../parts/data-table.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'
import type { Kind } from '../types.js'
import { ChangeKind } from './change-kind.js'
import { DeclareKind } from './declare-kind.js'
import { declarationText } from './kind-draft.js'

/** The kinds of tokens that the account declared. */
export function KindsSection() {
  const hallpass = useHallpass()
  const list = useList<Kind>(useCallback((cursor) => hallpass.admin.kinds.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const [changing, setChanging] = useState<Kind>()
  const { isBusy, problem, run } = useAction()
  const disable = ({ name }: Kind) =>
    run(async () => {
      await hallpass.admin.kinds.disable({ name })
      await list.again()
    })
  const actions = {
    head: 'Actions',
    cell: (kind: Kind) =>
      !kind.disabled && (
        <div className="actions">
          <SmallButton of={kind.name} isBusy={isBusy} onClick={() => setChanging(kind)}>
            Change
          </SmallButton>
          <ConfirmedButton
            title={`Disable “${kind.name}” for good?`}
            action="Disable"
            of={kind.name}
            isBusy={isBusy}
            onConfirm={() => disable(kind)}
          >
            It mints nothing more, and all of its tokens end. It can’t be enabled again, and its name stays taken.
          </ConfirmedButton>
        </div>
      ),
  }
  return (
    <>
      <p className="quiet">
        A kind says what a token is for, how long it lives, how often it works and what it carries.
      </p>
      <Problem error={problem} />
      <DataTable
        caption="Declared kinds"
        list={list}
        keyOf={({ name }) => name}
        textOf={({ name, title, form, audience }) => [name, title, form, audience]}
        empty="No kinds of your own yet."
        columns={[
          { head: 'Kind', cell: (kind) => <Declaration kind={kind} /> },
          { head: 'Form', cell: ({ form }) => <code>{form}</code> },
          { head: 'Lifetime', cell: ({ ttl_seconds }) => `${ttl_seconds.default} s, up to ${ttl_seconds.max} s` },
          { head: 'Uses', cell: ({ uses }) => uses ?? 'any number' },
          {
            head: 'Status',
            cell: ({ disabled, revision }) => (
              <span className="status" data-kind={disabled ? 'bad' : 'good'}>
                {disabled ? 'disabled' : `active, revision ${revision}`}
              </span>
            ),
          },
          ...(canChange ? [actions] : []),
        ]}
      />
      {changing && <ChangeKind kind={changing} onChanged={list.again} onClose={() => setChanging(undefined)} />}
      {canChange && <DeclareKind onMade={list.again} />}
    </>
  )
}

/** The name, and the declaration as in a file. */
function Declaration({ kind }: { readonly kind: Kind }) {
  return (
    <details>
      <summary>
        <b>{kind.name}</b> {kind.title}
      </summary>
      <pre>{declarationText(kind)}</pre>
    </details>
  )
}
