import type { ClientKeyPatch, Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { useHallpass } from '../console-client.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { Allowlist } from './allowlist.js'
import { AllowlistTester } from './allowlist-tester.js'
import { CreateClientKey } from './create-client-key.js'

export type ClientKey = OutputOf<Operations['admin.clientKeys.list']>['data'][number]

/** Client keys: which pages may use them, and how their widget looks. */
export function ClientKeysRoom() {
  const hallpass = useHallpass()
  const list = useList<ClientKey>(useCallback((cursor) => hallpass.admin.clientKeys.list({ cursor }), [hallpass]))
  const { isBusy, problem, run } = useAction()
  const change = (key: ClientKey, patch: ClientKeyPatch) =>
    run(async () => {
      await hallpass.admin.clientKeys.update({ client_key_id: key.id, ...patch })
      await list.again()
    })
  return (
    <>
      <p className="quiet">
        Public, for browsers. What protects one is its allowlist: pages of other origins get nothing.
      </p>
      <Problem error={list.problem ?? problem} />
      {list.items?.map((key) => (
        <article key={key.id} className="panel">
          <header className="panel-head">
            <div>
              <h3>{key.name || 'unnamed'}</h3>
              <code>{key.client_key}</code>
            </div>
            <span className="status" data-kind={key.disabled || !key.widget_enabled ? 'bad' : 'good'}>
              {key.disabled ? 'disabled' : key.widget_enabled ? 'works' : 'widget off'}
            </span>
          </header>
          <Allowlist
            clientKey={key}
            isBusy={isBusy}
            onChange={(origin_allowlist) => change(key, { origin_allowlist: [...origin_allowlist] })}
          />
          <AllowlistTester clientKeyId={key.id} />
          <div className="actions">
            <SmallButton
              of={key.name}
              isBusy={isBusy}
              onClick={() => change(key, { widget_enabled: !key.widget_enabled })}
            >
              {key.widget_enabled ? 'Switch the widget off' : 'Switch the widget on'}
            </SmallButton>
            <SmallButton
              of={key.name}
              look={key.disabled ? 'quiet' : 'danger'}
              isBusy={isBusy}
              onClick={() => change(key, { disabled: !key.disabled })}
            >
              {key.disabled ? 'Enable' : 'Disable'}
            </SmallButton>
          </div>
        </article>
      ))}
      <CreateClientKey onMade={list.again} />
    </>
  )
}
