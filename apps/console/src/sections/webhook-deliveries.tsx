import { deliveryStates } from '@hallpass/contracts/core'
import { useCallback, useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { formatTime } from '../parts/format-time.js'
import { ListState } from '../parts/list-state.js'
import { More } from '../parts/more.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { Table } from '../parts/table.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'
import type { Delivery, Webhook } from '../types.js'
import { Choices } from '../ui/choices.js'
import { useParameter } from '../ui/router.js'
import { ReplaySince } from './replay-since.js'

interface Props {
  readonly webhook: Webhook
  /** Reloads the endpoint, which a response can disable. */
  readonly onRefresh: () => Promise<unknown>
}

/** What was sent to an endpoint, loaded when it is opened. The address says whose are open. */
export function WebhookDeliveries({ webhook, onRefresh }: Props) {
  const [opened, setOpened] = useParameter('deliveries')
  const isOpen = opened === webhook.id
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => {
        // opening another endpoint's closes these, which must not close that one's
        if (currentTarget.open !== isOpen) setOpened(currentTarget.open ? webhook.id : '')
      }}
    >
      <summary>Deliveries</summary>
      {isOpen && <Deliveries webhook={webhook} onRefresh={onRefresh} />}
    </details>
  )
}

const filters = ['all', ...deliveryStates] as const

function Deliveries({ webhook: { id: webhook_id, url, disabled }, onRefresh }: Props) {
  const hallpass = useHallpass()
  const canChange = useHolds('admin')
  const [chosen, setChosen] = useParameter('state')
  const state = deliveryStates.find((known) => known === chosen)
  const list = useList<Delivery>(
    useCallback(
      (cursor) => hallpass.admin.webhooks.deliveries({ webhook_id, cursor, state }),
      [hallpass, webhook_id, state],
    ),
  )
  const refresh = () => Promise.all([list.again(), onRefresh()])
  const [done, setDone] = useState<string>()
  const { isBusy, problem, run } = useAction()
  const act = (action: () => Promise<string>) =>
    run(async () => {
      setDone(undefined)
      setDone(await action())
      await refresh()
    })
  const replay = (input: { readonly event_id?: string; readonly since?: string }) =>
    act(async () => {
      let count = 0
      let cursor: string | undefined
      do {
        const page = await hallpass.admin.webhooks.replay({ webhook_id, ...input, cursor })
        count += page.replayed
        cursor = page.next_cursor
      } while (cursor !== undefined)
      return `Events to send again: ${count}.`
    })
  const test = () => act(async () => `Test event: ${(await hallpass.admin.webhooks.test({ webhook_id })).event_id}.`)
  const actions = {
    head: 'Actions',
    cell: ({ event_id }: Delivery) => (
      <SmallButton of={event_id} isBusy={isBusy} onClick={() => replay({ event_id })}>
        Replay
      </SmallButton>
    ),
  }
  return (
    <div className="panel-form">
      <div className="actions">
        <Choices
          label="State"
          options={filters}
          value={state ?? 'all'}
          onChange={(next) => setChosen(next === 'all' ? '' : next)}
        />
        <SmallButton of={`the deliveries to ${url}`} onClick={refresh}>
          Refresh
        </SmallButton>
        {canChange && !disabled && (
          <SmallButton of={`to ${url}`} isBusy={isBusy} onClick={test}>
            Send test event
          </SmallButton>
        )}
        {canChange && (
          <ConfirmedButton
            look="quiet"
            action="Replay dead"
            of={`deliveries to ${url}`}
            title="Replay the dead deliveries?"
            isBusy={isBusy}
            onConfirm={() => replay({})}
          >
            The oldest 1,000 are sent again, with the same ids. A receiver that remembers ids can skip what it already
            processed.
          </ConfirmedButton>
        )}
        {canChange && <ReplaySince url={url} isBusy={isBusy} onReplay={(since) => replay({ since })} />}
        <span role="status" className="small">
          {done}
        </span>
      </div>
      <Problem error={problem} />
      <ListState list={list} empty={state ? `No ${state} deliveries.` : 'No deliveries yet.'} />
      <Table
        caption={`Deliveries to ${url}, newest first`}
        items={list.items ?? []}
        keyOf={({ event_id }) => event_id}
        columns={[
          { head: 'Event', cell: (delivery) => <Event delivery={delivery} /> },
          { head: 'Time', cell: ({ created_at }) => formatTime(created_at) },
          { head: 'State', cell: ({ state: own }) => <State state={own} /> },
          { head: 'Attempts', cell: attemptsOf },
          { head: 'Last result', cell: resultOf },
          ...(canChange ? [actions] : []),
        ]}
      />
      <More list={list} />
      <p className="quiet small">Delivered events are kept for 7 days, and dead ones for 30 days.</p>
    </div>
  )
}

/** The type of the event, and what is sent. */
function Event({ delivery: { type, event_id, payload } }: { readonly delivery: Delivery }) {
  return (
    <details>
      <summary>{type}</summary>
      <code>{event_id}</code>
      <pre>{JSON.stringify(JSON.parse(payload), null, 2)}</pre>
    </details>
  )
}

const kinds = { pending: 'quiet', delivered: 'good', dead: 'bad' } as const

const State = ({ state }: Pick<Delivery, 'state'>) => (
  <span className="status" data-kind={kinds[state]}>
    {state}
  </span>
)

const attemptsOf = ({ attempts, next_attempt_at: next }: Delivery) =>
  next === null ? attempts : `${attempts}, next at ${formatTime(next)}`

function resultOf({ last_result, last_status, last_attempt_at }: Delivery) {
  if (last_result === null) return 'none yet'
  return (
    <>
      <code>{last_result}</code> {last_status} {last_attempt_at !== null && `at ${formatTime(last_attempt_at)}`}
    </>
  )
}
