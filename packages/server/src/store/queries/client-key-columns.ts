import type { ClientKeyPatch, ClientKeySettings } from '@hallpass/contracts'
import { type RawBuilder, type Selectable, sql, type Updateable } from '../kysely.js'
import type { Database } from '../schema.js'

/** A client key with its settings, for creation or import. */
export type NewClientKey = ClientKeySettings & {
  readonly observe_until?: string | null | undefined
  readonly id: string
  readonly client_key: string
  readonly disabled?: boolean | undefined
}

export type ClientKeyRow = Selectable<Database['client_keys']>

/** The row of a new key, which is enabled by default. */
export const rowOf = (accountId: string, key: NewClientKey): ClientKeyRow => ({
  id: key.id,
  account_id: accountId,
  client_key: key.client_key,
  disabled: 0,
  disabled_at: null,
  observe_until: null,
  mac: null,
  // a complete set of settings fills every column that isn't listed here
  ...(settingsOf(key) as Settings),
})

type Settings = Omit<
  Selectable<Database['client_keys']>,
  'id' | 'account_id' | 'client_key' | 'disabled' | 'disabled_at' | 'observe_until' | 'mac'
>

export function settingsOf({
  id: _id,
  client_key: _name,
  ...settings
}: NewClientKey): Updateable<Database['client_keys']> {
  return {
    ...columnsOf(settings),
    bind: storedBind(settings.bind) ?? null,
    session_token: storedForm(settings.session_token) ?? null,
    session_alg: storedAlg(settings.session_token) ?? null,
    trusted_issuers: storedIssuers(settings.trusted_issuers) ?? null,
    guest_per_minute: settings.rate_limit?.guest_per_minute ?? null,
    guest_per_minute_total: settings.rate_limit?.guest_per_minute_total ?? null,
    supported_locales: JSON.stringify(settings.supported_locales ?? [settings.locale]),
  }
}

/** Off is stored as null, as it is for keys from before the setting. */
const storedBind = (bind: ClientKeyPatch['bind']) => (bind === 'off' ? null : bind)

/** Null stands for the standard form. */
const storedForm = (form: ClientKeyPatch['session_token']) =>
  form?.audience === undefined ? form && null : JSON.stringify({ audience: form.audience, typ: form.typ })

/** In a column of its own, so that the algorithms in use are found quickly. */
const storedAlg = (form: ClientKeyPatch['session_token']) => form && (form.alg ?? null)

/** None are stored as null, as they are for keys from before the setting. */
const storedIssuers = (issuers: ClientKeyPatch['trusted_issuers']) =>
  issuers && (issuers.length === 0 ? null : JSON.stringify(issuers))

/** The columns of the given settings. */
export function columnsOf(patch: ClientKeyPatch): Updateable<Database['client_keys']> {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value))
  const columns = {
    name: patch.name,
    origin_allowlist: json(patch.origin_allowlist),
    auth_mode: patch.auth_mode,
    widget_enabled: flag(patch.widget_enabled),
    bind: storedBind(patch.bind),
    session_token: storedForm(patch.session_token),
    session_alg: storedAlg(patch.session_token),
    trusted_issuers: storedIssuers(patch.trusted_issuers),
    disabled: flag(patch.disabled),
    observe_until: patch.observe_until && Date.parse(patch.observe_until),
    agent: json(patch.agent),
    branding: json(patch.branding),
    copy: json(patch.copy),
    locale: patch.locale,
    supported_locales: json(patch.supported_locales),
    guest_per_minute: patch.rate_limit?.guest_per_minute,
    guest_per_minute_total: patch.rate_limit?.guest_per_minute_total,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

/** A key that was already disabled keeps the time. A key that was created disabled never had a token. */
export function disabledSince(
  { disabled }: ClientKeyPatch,
  now: number,
): { disabled_at?: RawBuilder<number | null> | null } {
  if (disabled === undefined) return {}
  if (!disabled) return { disabled_at: null }
  return { disabled_at: sql`case when client_keys.disabled = 1 then client_keys.disabled_at else ${now} end` }
}
