import { isLocalUrl, type Operations, type OutputOf, type ParsedInputOf, webhookTest } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { newId } from '../../ids.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ReplayChoice } from '../../store/queries/webhook-deliveries.js'
import type { WebhookEndpoint } from '../../store/queries/webhook-endpoints.js'
import type { Store } from '../../store/store.js'
import { eventIdBefore, retryMilliseconds, toEvent } from '../../webhooks/webhook-event.js'
import { generateWebhookSecret, sealWebhookSecret } from '../../webhooks/webhook-secret.js'
import { readPage, toTime } from './pagination.js'

type Create = Operations['admin.webhooks.create']
type List = Operations['admin.webhooks.list']
type Get = Operations['admin.webhooks.get']
type Update = Operations['admin.webhooks.update']
type Rotate = Operations['admin.webhooks.rotateSecret']
type Delete = Operations['admin.webhooks.delete']
type Test = Operations['admin.webhooks.test']
type Replay = Operations['admin.webhooks.replay']

interface Deps<Method extends keyof Store> {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, Method>
}

interface SealingDeps<Method extends keyof Store> extends Deps<Method> {
  readonly keys: DerivedKeys
  readonly store: Pick<Store, Method> & Parameters<DerivedKeys['ring']['current']>[0]
}

const mostEndpoints = 10

/** Its secret is shown only once. */
export const createWebhook = {
  // so that the account can't have more endpoints because two calls counted at once
  isAlone: true,
  async run(
    deps: SealingDeps<'insertWebhookEndpoint'> & LocalPolicy,
    input: ParsedInputOf<Create>,
  ): Promise<OutputOf<Create>> {
    const { account, clock, keys, store } = deps
    requireRemote(deps, input.url)
    const secret = generateWebhookSecret(clock)
    const id = `whe_${newId(clock)}`
    const endpoint = {
      ...{ id, url: input.url, description: input.description, created_at: clock.now() },
      event_types: joined(input.event_types),
      sealed_secret: sealWebhookSecret(await keys.ring.current(store), id, secret, clock.random),
    }
    if (!(await store.insertWebhookEndpoint(account.id, endpoint, mostEndpoints))) {
      throw new HallpassError('state_conflict', messages.tooManyWebhooks)
    }
    const unset = { disabled_at: null, disabled_reason: null, previous_until: null }
    return { ...show({ ...endpoint, ...unset }, clock.now()), secret }
  },
}

export const listWebhooks = {
  async run({ account, clock, store }: Deps<'listWebhookEndpoints'>, input: ParsedInputOf<List>) {
    const list: OutputOf<List> = await readPage(
      input,
      (page) => store.listWebhookEndpoints(account.id, page),
      (row) => show(row, clock.now()),
    )
    return list
  },
}

export const getWebhook = {
  async run(
    { account, clock, store }: Deps<'findWebhookEndpoint'>,
    { webhook_id }: ParsedInputOf<Get>,
  ): Promise<OutputOf<Get>> {
    return show(found(await store.findWebhookEndpoint(account.id, webhook_id)), clock.now())
  },
}

/** Fields that are not given stay unchanged. */
export const updateWebhook = {
  async run(
    deps: Deps<'lockWebhookEndpoint' | 'patchWebhookEndpoint'> & LocalPolicy,
    { webhook_id, url, event_types, description, disabled }: ParsedInputOf<Update>,
  ): Promise<OutputOf<Update>> {
    const { account, clock, store } = deps
    if (url !== undefined) requireRemote(deps, url)
    const now = clock.now()
    const endpoint = found(await store.lockWebhookEndpoint(account.id, webhook_id))
    // it stays what it was disabled for
    const isDisabledNow = disabled === true && endpoint.disabled_at === null
    const patch = {
      ...(url === undefined ? {} : { url }),
      ...(event_types === undefined ? {} : { event_types: joined(event_types) }),
      ...(description === undefined ? {} : { description }),
      ...(isDisabledNow ? { disabled_at: now, disabled_reason: 'requested' as const } : {}),
      ...(disabled === false ? { disabled_at: null, disabled_reason: null } : {}),
    }
    return show(found(await store.patchWebhookEndpoint(account.id, webhook_id, patch)), now)
  },
}

/** The old secret signs too for the overlap, and the one before it no more. */
export const rotateWebhookSecret = {
  async run(
    { account, clock, keys, store }: SealingDeps<'lockWebhookEndpoint' | 'patchWebhookEndpoint'>,
    { webhook_id: id, overlap_seconds }: ParsedInputOf<Rotate>,
  ): Promise<OutputOf<Rotate>> {
    const now = clock.now()
    const sealing = await keys.ring.current(store)
    const endpoint = found(await store.lockWebhookEndpoint(account.id, id))
    const secret = generateWebhookSecret(clock)
    const isOverlapping = overlap_seconds > 0
    const patch = {
      sealed_secret: sealWebhookSecret(sealing, id, secret, clock.random),
      sealed_previous: isOverlapping ? endpoint.sealed_secret : null,
      previous_until: isOverlapping ? now + overlap_seconds * 1000 : null,
    }
    return { ...show(found(await store.patchWebhookEndpoint(account.id, id, patch)), now), secret }
  },
}

export const deleteWebhook = {
  async run(
    { account, clock, store }: Deps<'deleteWebhookEndpoint'>,
    { webhook_id: id }: ParsedInputOf<Delete>,
  ): Promise<OutputOf<Delete>> {
    if (!(await store.deleteWebhookEndpoint(account.id, id, clock.now()))) throw missing()
    return { id }
  },
}

export const testWebhook = {
  async run(
    { account, clock, store }: Deps<'lockWebhookEndpoint' | 'addTestEvent'>,
    { webhook_id }: ParsedInputOf<Test>,
  ): Promise<OutputOf<Test>> {
    const endpoint = found(await store.lockWebhookEndpoint(account.id, webhook_id))
    if (endpoint.disabled_at !== null) throw new HallpassError('state_conflict', messages.webhookDisabled)
    const event = toEvent(clock, { type: webhookTest, subject: webhook_id, data: { webhook_id } })
    await store.addTestEvent({ accountId: account.id, endpointId: webhook_id }, event)
    return { event_id: event.id }
  },
}

export const replayWebhook = {
  async run(
    { account, clock, store }: Deps<'lockWebhookEndpoint' | 'replayWebhookDeliveries'>,
    { webhook_id, event_id: eventId, since, cursor }: ParsedInputOf<Replay>,
  ): Promise<OutputOf<Replay>> {
    found(await store.lockWebhookEndpoint(account.id, webhook_id))
    const now = clock.now()
    const endpoint = { accountId: account.id, endpointId: webhook_id }
    const times = { now, giveUpAt: now + retryMilliseconds }
    const choice = eventId === undefined ? choiceOf(since, cursor) : { eventId }
    const ids = await store.replayWebhookDeliveries(endpoint, choice, times)
    if (ids.length === 0 && eventId !== undefined) {
      throw new HallpassError('not_found', messages.notInAccount('event of this endpoint'))
    }
    const last = since !== undefined && ids.length === mostReplayed ? ids.at(-1) : undefined
    return { replayed: ids.length, ...(last === undefined ? {} : { next_cursor: last }) }
  },
}

const mostReplayed = 1_000

function choiceOf(since: string | undefined, cursor: string | undefined): ReplayChoice {
  if (since === undefined) return { limit: mostReplayed }
  const time = Date.parse(since)
  return { since: time, after: cursor ?? eventIdBefore(time), limit: mostReplayed }
}

interface LocalPolicy {
  readonly allowsLocalIssuers: boolean
}

/** Only a server for development sends requests to its own machine, where other services may be. */
function requireRemote({ allowsLocalIssuers }: LocalPolicy, url: string): void {
  if (!allowsLocalIssuers && isLocalUrl(url)) throw new HallpassError('state_conflict', messages.localWebhook)
}

/** The endpoint, or 404. */
export function found(endpoint: WebhookEndpoint | undefined): WebhookEndpoint {
  if (!endpoint) throw missing()
  return endpoint
}

const missing = () => new HallpassError('not_found', messages.notInAccount('webhook endpoint'))

const joined = (types: readonly string[]) => `,${[...new Set(types)].join(',')},`

type Shown = Omit<WebhookEndpoint, 'account_id' | 'sealed_secret' | 'sealed_previous' | 'deleted_at'>

function show(endpoint: Shown, now: number): OutputOf<Get> {
  const { id, url, event_types, description, disabled_at, disabled_reason, created_at, previous_until } = endpoint
  return {
    id,
    url,
    // only requests that named them were stored
    event_types: event_types.split(',').filter(Boolean) as OutputOf<Get>['event_types'],
    description,
    disabled: disabled_at !== null,
    disabled_reason,
    created_at: toTime(created_at),
    previous_secret_until: previous_until !== null && previous_until > now ? toTime(previous_until) : null,
  }
}
