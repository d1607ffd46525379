import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { useHallpass } from '../console-client.js'
import { DataTable } from '../parts/data-table.js'
import { formatTime } from '../parts/format-time.js'
import { useList } from '../parts/use-list.js'

type Entry = OutputOf<Operations['admin.audit.list']>['data'][number]

/** The audit log: which key made which change. */
export function AuditSection() {
  const hallpass = useHallpass()
  const list = useList<Entry>(useCallback((cursor) => hallpass.admin.audit.list({ cursor }), [hallpass]))
  return (
    <>
      <p className="quiet">
        Each entry is written in the same transaction as its change. Entries are kept for 90 days.
      </p>
      <DataTable
        caption="Changes, newest first"
        list={list}
        keyOf={({ id }) => id}
        empty="No changes yet."
        columns={[
          { head: 'Time', cell: ({ at }) => formatTime(at) },
          { head: 'Operation', cell: ({ operation }) => <code>{operation}</code> },
          { head: 'Changes', cell: ({ changes }) => <code>{JSON.stringify(changes)}</code> },
          {
            head: 'Secret key',
            cell: ({ api_key_id }) => <code>{api_key_id?.slice(0, 8) ?? 'server host'}</code>,
          },
        ]}
      />
    </>
  )
}
