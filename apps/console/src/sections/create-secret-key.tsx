import { scopes as allScopes, holdsScope, type Scope } from '@hallpass/contracts/core'
import { useState } from 'react'
import { Checks } from '../parts/checks.js'
import { CreateForm } from '../parts/create-form.js'
import { NumberField, TextField } from '../parts/fields.js'
import { useHallpass, useSession } from '../session/session.js'

const daySeconds = 86_400

/** A form that creates a secret key. */
export function CreateSecretKey({ onMade }: { readonly onMade: (secret: string) => void }) {
  const hallpass = useHallpass()
  const { scopes: own } = useSession().apiKey
  const grantable = allScopes.filter((scope) => holdsScope(own, scope))
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>([])
  const [ofKinds, setOfKinds] = useState('')
  const [days, setDays] = useState('')
  const create = async () => {
    const lifetime = days === '' ? {} : { expires_in: Number(days) * daySeconds }
    // the server checks what was typed
    const typed = ofKinds.split(/[\s,]+/).filter((scope) => scope !== '') as Scope[]
    const { secret } = await hallpass.admin.apiKeys.create({ name, scopes: [...scopes, ...typed], ...lifetime })
    setName('')
    setOfKinds('')
    setDays('')
    onMade(secret)
  }
  return (
    <CreateForm title="Create a secret key" verb="Create" create={create}>
      <label className="field">
        <span>Name</span>
        <input className="input" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </label>
      <NumberField
        label="Days until it expires"
        hint="An empty field creates a key that never expires."
        placeholder="never"
        min={1}
        max={3650}
        value={days}
        onChange={setDays}
      />
      <Checks
        label="Scopes"
        name="scopes"
        options={allScopes}
        chosen={scopes}
        onChange={setScopes}
        isDisabled={(scope) => !holdsScope(own, scope)}
      />
      <TextField
        label="Scopes for single kinds"
        hint="Separate several by spaces. A kind has two: one to mint its tokens, and one to redeem them."
        placeholder="kind:report-viewer:mint"
        value={ofKinds}
        onChange={setOfKinds}
      />
      {grantable.length < allScopes.length && (
        <p className="quiet small">
          A key can grant only the scopes that it has. Yours can grant: {grantable.join(', ')}.
        </p>
      )}
    </CreateForm>
  )
}
