import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { DataTable } from '../parts/data-table.js'
import { formatTime } from '../parts/format-time.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useSession } from '../session/session.js'
import { useKeyNames } from './use-key-names.js'

type Entry = OutputOf<Operations['admin.audit.list']>['data'][number]

/** The audit log: which key made which change. */
export function AuditSection() {
  const hallpass = useHallpass()
  const list = useList<Entry>(useCallback((cursor) => hallpass.admin.audit.list({ cursor }), [hallpass]))
  const names = useKeyNames()
  return (
    <>
      <p className="quiet">
        Each entry is written in the same transaction as its change. Entries are kept for 90 days.
      </p>
      <DataTable
        caption="Changes, newest first"
        list={list}
        keyOf={({ id }) => id}
        textOf={({ operation, changes, api_key_id, target_id }) => [
          operation,
          JSON.stringify(changes),
          api_key_id,
          target_id,
          names.get(api_key_id ?? '') ?? null,
        ]}
        empty="No changes yet."
        columns={[
          { head: 'Time', cell: ({ at }) => formatTime(at) },
          { head: 'Operation', cell: ({ operation }) => <code>{operation}</code> },
          { head: 'Changes', cell: ({ changes }) => <code>{JSON.stringify(changes)}</code> },
          { head: 'Made by', cell: (entry) => <MadeBy entry={entry} names={names} /> },
        ]}
      />
    </>
  )
}

interface MadeByProps {
  readonly entry: Entry
  readonly names: ReadonlyMap<string, string>
}

/** The key that made a change, by name. A key of the parent account is known by its id only. */
function MadeBy({ entry: { api_key_id, api_key_account_id }, names }: MadeByProps) {
  const { account } = useSession()
  if (api_key_id === null) return 'the server’s host'
  const name = names.get(api_key_id)
  const isForeign = api_key_account_id !== null && api_key_account_id !== account.id
  return (
    <>
      {name !== undefined && <b>{name || 'unnamed'}</b>} {isForeign && 'a key of the parent account'}{' '}
      <code title={api_key_id}>{api_key_id.slice(0, 8)}</code>
    </>
  )
}
