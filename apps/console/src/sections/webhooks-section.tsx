import { useCallback, useState } from 'react'
import { Filter, filterItems } from '../parts/filter.js'
import { ListState } from '../parts/list-state.js'
import { More } from '../parts/more.js'
import { NewSecret } from '../parts/new-secret.js'
import { Problem } from '../parts/problem.js'
import { RotateSecret } from '../parts/rotate-secret.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'
import type { Webhook } from '../types.js'
import { useParameter } from '../ui/router.js'
import { CreateWebhook } from './create-webhook.js'
import { WebhookPanel } from './webhook-panel.js'

/** Webhook endpoints: where events are sent, and what was sent. */
export function WebhooksSection() {
  const hallpass = useHallpass()
  const list = useList<Webhook>(useCallback((cursor) => hallpass.admin.webhooks.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const [wanted, setWanted] = useParameter('q')
  const [rotating, setRotating] = useState<Webhook>()
  const [secret, setSecret] = useState<string>()
  const { isBusy, problem, run } = useAction()
  const act = (action: () => Promise<unknown>) =>
    run(async () => {
      await action()
      await list.again()
    })
  const made = (newSecret: string) => {
    setSecret(newSecret)
    list.again()
  }
  const rotate = async ({ id }: Webhook, overlap_seconds: number) => {
    const { secret: newSecret } = await hallpass.admin.webhooks.rotateSecret({ webhook_id: id, overlap_seconds })
    setRotating(undefined)
    made(newSecret)
  }
  const shown = filterItems(list.items, wanted, ({ id, url, description, event_types }) => [
    id,
    url,
    description,
    ...event_types,
  ])
  return (
    <>
      <p className="quiet">
        Hallpass sends events to these endpoints. Each event is a signed request with ids and no tokens.
      </p>
      <Problem error={problem} />
      <Filter
        list={list}
        value={wanted}
        onChange={setWanted}
        shown={shown.length}
        what="Filter by URL, event or description"
      />
      <ListState list={list} empty="No webhook endpoints yet." />
      {shown.map((webhook) => (
        <WebhookPanel
          key={webhook.id}
          webhook={webhook}
          isBusy={isBusy}
          onRefresh={list.again}
          onChange={(patch) => act(() => hallpass.admin.webhooks.update({ webhook_id: webhook.id, ...patch }))}
          onRotate={() => setRotating(webhook)}
          onDelete={() => act(() => hallpass.admin.webhooks.delete({ webhook_id: webhook.id }))}
        />
      ))}
      <More list={list} />
      {canChange && <CreateWebhook onMade={made} />}
      {rotating && (
        <RotateSecret
          title={`Rotate the secret of ${rotating.url}`}
          action="Create new secret"
          onRotate={(overlap) => rotate(rotating, overlap)}
          onClose={() => setRotating(undefined)}
        >
          During the overlap, each event is signed with both secrets, so your receivers can switch without missing one.
        </RotateSecret>
      )}
      {secret !== undefined && <NewSecret secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  )
}
