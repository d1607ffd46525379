import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { useHallpass } from '../console-client.js'
import { DataTable } from '../parts/data-table.js'
import { formatTime } from '../parts/format-time.js'
import { useList } from '../parts/use-list.js'

type Entry = OutputOf<Operations['admin.audit.list']>['data'][number]

/** Who changed what. */
export function AuditSection() {
  const hallpass = useHallpass()
  const list = useList<Entry>(useCallback((cursor) => hallpass.admin.audit.list({ cursor }), [hallpass]))
  return (
    <>
      <p className="quiet">Each entry is written together with its change, or neither is. Kept for 90 days.</p>
      <DataTable
        caption="Changes, the newest first"
        list={list}
        keyOf={({ id }) => id}
        empty="Nothing was changed yet."
        columns={[
          { head: 'When', cell: ({ at }) => formatTime(at) },
          { head: 'What', cell: ({ operation }) => <code>{operation}</code> },
          { head: 'Asked for', cell: ({ changes }) => <code>{JSON.stringify(changes)}</code> },
          {
            head: 'By the key',
            cell: ({ api_key_id }) => <code>{api_key_id?.slice(0, 8) ?? 'the server’s host'}</code>,
          },
        ]}
      />
    </>
  )
}
