import {
  allowsOrigin,
  formatAllowlistRule,
  isLocalUrl,
  type Operations,
  type OutputOf,
  type ParsedInputOf,
} from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { generateClientKey } from '../../crypto/secret-key.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { newId } from '../../ids.js'
import type { RecordChange } from '../../revocation/replace-names.js'
import type { KeyDecisions, KeyRing } from '../../signing/key-ring.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { clientKeyUpdated } from '../../webhooks/facts.js'
import { tellIn } from '../../webhooks/tell.js'
import { endIfObserved, requireObservable } from './observe-mode.js'
import { readPage, toTime } from './pagination.js'

type Allow = Operations['admin.clientKeys.allowOrigin']
type Create = Operations['admin.clientKeys.create']
type List = Operations['admin.clientKeys.list']
type Update = Operations['admin.clientKeys.update']

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly keyRing: Pick<KeyRing, 'use' | 'reload'>
  readonly allowsLocalIssuers: boolean
  readonly record: RecordChange
  readonly store: KeyDecisions &
    Pick<
      Store,
      | 'insertClientKey'
      | 'lockClientKey'
      | 'patchClientKey'
      | 'claimTokenAudience'
      | 'removeObservedOrigins'
      | 'addCutoff'
      | 'appendAuditEntry'
      | 'emptyFullFeed'
      | 'addWebhookEvent'
    >
}

interface ReadDeps {
  readonly account: Account
  readonly store: Pick<Store, 'listClientKeys'>
}

export const createClientKey = {
  async run(deps: Deps, input: ParsedInputOf<Create>): Promise<OutputOf<Create>> {
    const { account, clock, keyRing, store } = deps
    requireIssuers(deps, input)
    requireObservable(account, input.observe_until, clock.now())
    await requireAudience(store, account.id, input.session_token)
    const client_key = generateClientKey(clock, account.environment)
    const created = await store.insertClientKey(account.id, { ...input, id: newId(clock), client_key })
    // no gateway knows it yet, so none has to learn of a key first
    if (input.session_token?.alg) await keyRing.use(store, input.session_token.alg, 'at once')
    return show(created)
  },
  afterCommit: loadNewKey,
}

export const listClientKeys = {
  async run({ account, store }: ReadDeps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(input, (page) => store.listClientKeys(account.id, page), show)
  },
}

/** Fields that are not given stay unchanged, in `branding` too, so a concurrent change of other fields is kept. */
export const updateClientKey = {
  async run(deps: Deps, input: ParsedInputOf<Update>): Promise<OutputOf<Update>> {
    const { account, clock, keyRing, record, store } = deps
    requireIssuers(deps, input)
    const { client_key_id, id: _, client_key, ...patch } = input
    const now = clock.now()
    const key = await store.lockClientKey(account.id, client_key_id)
    if (key && client_key !== undefined && client_key !== key.config.client_key) {
      throw new HallpassError('state_conflict', messages.clientKeyName)
    }
    if (key) await requireAudience(store, account.id, patch.session_token)
    const branding = key && patch.branding ? { branding: mergeBranding(key.config.branding, patch.branding) } : {}
    if (Date.parse(patch.observe_until ?? '') !== key?.observeUntil)
      requireObservable(account, patch.observe_until, now)
    const changed = await store.patchClientKey(account.id, client_key_id, { ...patch, ...branding }, now)
    if (!key || !changed) throw new HallpassError('not_found', messages.notInAccount('client key'))
    await endIfObserved({ clock, record, store, now }, key, changed)
    if (patch.session_token?.alg) await keyRing.use(store, patch.session_token.alg, 'announced')
    return show(changed)
  },
  afterCommit: loadNewKey,
}

/** A logo that is null is removed. */
function mergeBranding(
  { logo_url: known, ...branding }: ClientKey['config']['branding'],
  { logo_url = known, ...patch }: NonNullable<ParsedInputOf<Update>['branding']>,
) {
  return { ...branding, ...patch, ...(logo_url ? { logo_url } : {}) }
}

/** Of the algorithm. If this fails, the next reload within a second does it. */
async function loadNewKey({ keyRing }: Deps, { session_token }: { readonly session_token?: unknown }): Promise<void> {
  if (session_token) await keyRing.reload().catch(() => {})
}

/** Only a server for development fetches keys from its own machine, where other services may be. */
function requireIssuers(
  { allowsLocalIssuers }: Deps,
  { trusted_issuers = [] }: Pick<ParsedInputOf<Create>, 'trusted_issuers'>,
): void {
  if (allowsLocalIssuers || !trusted_issuers.some(({ jwks_uri }) => jwks_uri !== undefined && isLocalUrl(jwks_uri)))
    return
  throw new HallpassError('state_conflict', messages.localIssuer)
}

/** Adds an origin to the allowlist of a locked key, so that concurrent additions are all kept. */
export const allowOrigin = {
  async run(deps: Deps, input: ParsedInputOf<Allow>): Promise<OutputOf<Allow>> {
    const { account, clock, store } = deps
    const key = await store.lockClientKey(account.id, input.client_key_id)
    if (!key) throw new HallpassError('not_found', messages.notInAccount('client key'))
    if (allowsOrigin(key.allowlist, input.origin)) return show(key)
    const origin_allowlist = [...key.allowlist.map(formatAllowlistRule), input.origin]
    if (origin_allowlist.length > mostEntries) throw new HallpassError('state_conflict', messages.allowlistFull)
    const changed = await store.patchClientKey(account.id, key.id, { origin_allowlist }, clock.now())
    await tellIn(deps, account.id, [clientKeyUpdated(key)])
    return show(changed ?? key)
  },
}

const mostEntries = 200

/** An audience is of one account, so a gateway that checks the issuer and the audience takes no other account's tokens. */
async function requireAudience(
  store: Pick<Store, 'claimTokenAudience'>,
  accountId: string,
  form: ParsedInputOf<Create>['session_token'],
): Promise<void> {
  if (form?.audience === undefined || (await store.claimTokenAudience(accountId, form.audience))) return
  throw new HallpassError('state_conflict', messages.audienceTaken)
}

/** The configured limits of a client key. A total that is derived from the other limit is left out. */
export function rateLimitOf({
  guestPerMinute,
  guestPerMinuteTotal,
}: Pick<ClientKey, 'guestPerMinute' | 'guestPerMinuteTotal'>) {
  return {
    guest_per_minute: guestPerMinute,
    ...(guestPerMinuteTotal === undefined ? {} : { guest_per_minute_total: guestPerMinuteTotal }),
  }
}

function show({
  id,
  name,
  disabled,
  allowlist,
  config,
  bind,
  sessionToken,
  trustedIssuers,
  observeUntil,
  ...limits
}: ClientKey): OutputOf<Update> {
  return {
    id,
    name,
    disabled,
    origin_allowlist: allowlist.map(formatAllowlistRule),
    rate_limit: rateLimitOf(limits),
    ...(bind === 'off' ? {} : { bind }),
    ...(sessionToken === undefined ? {} : { session_token: sessionToken }),
    ...(trustedIssuers.length === 0 ? {} : { trusted_issuers: [...trustedIssuers] }),
    ...(observeUntil === undefined ? {} : { observe_until: toTime(observeUntil) }),
    ...config,
  }
}
