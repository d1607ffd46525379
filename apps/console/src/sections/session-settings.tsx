import type { ClientKeyPatch } from '@hallpass/contracts'
import { useState } from 'react'
import { Facts } from '../parts/facts.js'
import { NumberField, SelectField, TextField } from '../parts/fields.js'
import { SettingsForm } from '../parts/settings-form.js'
import { useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
}

const visitors = { both: 'guests and users', guest: 'guests only', user: 'users only' } as const
const binding = { off: 'off', prefer: 'if the browser can', require: 'required' } as const
const algs = { server: 'the server’s', ES256: 'ES256', EdDSA: 'EdDSA', RS256: 'RS256' } as const
const typs = { 'widget-session+jwt': 'widget-session+jwt', JWT: 'JWT', 'at+jwt': 'at+jwt' } as const
const standardTyp = 'widget-session+jwt'

/** The settings as the form holds them. */
const draftOf = ({ auth_mode, bind, session_token, rate_limit }: ClientKey) => ({
  visitors: auth_mode,
  binding: bind ?? 'off',
  alg: session_token?.alg ?? ('server' as const),
  audience: session_token?.audience ?? '',
  typ: session_token?.typ ?? standardTyp,
  perAddress: textOf(rate_limit?.guest_per_minute),
  total: textOf(rate_limit?.guest_per_minute_total),
})

type Draft = ReturnType<typeof draftOf>

/** Who can have a session of a client key, how its tokens are made out, and its limits. */
export function SessionSettings({ clientKey, isBusy, onChange }: Props) {
  const canChange = useHolds('admin')
  const [draft, setDraft] = useState(() => draftOf(clientKey))
  const set = (change: Partial<Draft>) => setDraft((known) => ({ ...known, ...change }))
  if (!canChange) return <SessionFacts draft={draftOf(clientKey)} />
  const hasAudience = draft.audience.trim() !== ''
  return (
    <SettingsForm
      title="Sessions and tokens"
      of={clientKey.name}
      verb="Save sessions"
      isBusy={isBusy}
      onSave={() => onChange(patchOf(draft))}
    >
      <SelectField
        label="Visitors"
        options={visitors}
        value={draft.visitors}
        onChange={(one) => set({ visitors: one })}
      />
      <SelectField
        label="Bound to the browser"
        options={binding}
        value={draft.binding}
        onChange={(one) => set({ binding: one })}
      />
      <SelectField label="Algorithm" options={algs} value={draft.alg} onChange={(alg) => set({ alg })} />
      <SelectField
        label="Token type"
        options={typs}
        isDisabled={!hasAudience}
        value={hasAudience ? draft.typ : standardTyp}
        onChange={(typ) => set({ typ })}
      />
      <TextField
        label="Audience"
        placeholder="widget-session"
        hint="The claim aud, for a gateway that requires its own. It also unlocks the token type."
        value={draft.audience}
        onChange={(audience) => set({ audience })}
      />
      <NumberField
        label="Guests per minute"
        isRequired
        max={100_000}
        hint="For each address; 0 is no limit."
        value={draft.perAddress}
        onChange={(perAddress) => set({ perAddress })}
      />
      <NumberField
        label="Guests in total"
        max={10_000_000}
        hint="Per minute, from all addresses."
        placeholder="by default"
        value={draft.total}
        onChange={(total) => set({ total })}
      />
    </SettingsForm>
  )
}

function SessionFacts({ draft }: { readonly draft: Draft }) {
  const unlimited = (limit: string) => (limit === '0' ? 'no limit' : limit)
  return (
    <div>
      <h3 className="eyebrow">Sessions and tokens</h3>
      <Facts
        facts={{
          Visitors: visitors[draft.visitors],
          'Bound to the browser': binding[draft.binding],
          Algorithm: algs[draft.alg],
          'Token type': draft.typ,
          Audience: draft.audience || 'widget-session',
          'Guests per minute': unlimited(draft.perAddress),
          'Guests in total': draft.total === '' ? 'by default' : unlimited(draft.total),
        }}
      />
    </div>
  )
}

function patchOf(draft: Draft): ClientKeyPatch {
  const total = draft.total === '' ? null : Number(draft.total)
  const limits = { guest_per_minute: Number(draft.perAddress), guest_per_minute_total: total }
  return {
    auth_mode: draft.visitors,
    bind: draft.binding,
    session_token: formOf(draft),
    rate_limit: limits,
  }
}

/** Null stands for tokens in the standard form. */
function formOf({ alg, audience, typ }: Draft): ClientKeyPatch['session_token'] {
  const aud = audience.trim()
  if (aud === '' && alg === 'server') return null
  return {
    ...(aud === '' ? { typ: standardTyp } : { audience: aud, typ }),
    ...(alg === 'server' ? {} : { alg }),
  }
}

const textOf = (limit: number | undefined) => (limit === undefined ? '' : String(limit))
