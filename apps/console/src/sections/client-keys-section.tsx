import type { ClientKeyPatch } from '@hallpass/contracts'
import { useCallback } from 'react'
import { Filter, filterItems } from '../parts/filter.js'
import { ListState } from '../parts/list-state.js'
import { More } from '../parts/more.js'
import { Problem } from '../parts/problem.js'
import { TextForm } from '../parts/text-form.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'
import { useParameter } from '../ui/router.js'
import { ClientKeyPanel } from './client-key-panel.js'

/** Client keys: which pages may use them, and the appearance of their widgets. */
export function ClientKeysSection() {
  const hallpass = useHallpass()
  const list = useList<ClientKey>(useCallback((cursor) => hallpass.admin.clientKeys.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const [wanted, setWanted] = useParameter('q')
  const { isBusy, problem, run } = useAction()
  const change = (key: ClientKey, patch: ClientKeyPatch) =>
    run(async () => {
      await hallpass.admin.clientKeys.update({ client_key_id: key.id, ...patch })
      await list.again()
    })
  const allow = ({ id }: ClientKey, origin: string) =>
    run(async () => {
      await hallpass.admin.clientKeys.allowOrigin({ client_key_id: id, origin })
      await list.again()
    })
  const shown = filterItems(list.items, wanted, ({ id, name, client_key, origin_allowlist }) => [
    id,
    name,
    client_key,
    ...origin_allowlist,
  ])
  return (
    <>
      <p className="quiet">
        Client keys are public: browsers send them. Each key works only on pages of its allowed origins.
      </p>
      <Problem error={problem} />
      <Filter list={list} value={wanted} onChange={setWanted} shown={shown.length} />
      <ListState list={list} empty="No client keys yet." />
      {shown.map((key) => (
        <ClientKeyPanel
          key={key.id}
          clientKey={key}
          isBusy={isBusy}
          onChange={(patch) => change(key, patch)}
          onAllow={(origin) => allow(key, origin)}
        />
      ))}
      <More list={list} />
      {canChange && (
        <TextForm
          title="Create a client key"
          verb="Create"
          fields={{
            name: { label: 'Name', hint: 'Also the display name of the agent.', isRequired: true },
            origin_allowlist: {
              label: 'First allowed origin',
              placeholder: 'https://shop.example',
              isRequired: true,
            },
          }}
          create={async ({ name, origin_allowlist: entry }) => {
            const agent = { id: `agent_${crypto.randomUUID().slice(0, 8)}`, display_name: name }
            await hallpass.admin.clientKeys.create({ name, origin_allowlist: [entry], agent })
            await list.again()
          }}
        />
      )}
    </>
  )
}
