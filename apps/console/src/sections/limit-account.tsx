import { type FormEvent, useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import { NumberField } from '../parts/fields.js'
import type { Account } from '../session/session.js'

interface Props {
  readonly account: Account
  readonly onLimit: (limits: Account['rate_limit']) => Promise<boolean>
  readonly onClose: () => void
}

const maxPerSecond = 100_000

/** Asks for the limits of a child account. */
export function LimitAccount({ account, onLimit, onClose }: Props) {
  const { requests_per_second: ofAll, requests_per_second_per_key: ofEach } = account.rate_limit
  const [all, setAll] = useState(String(ofAll))
  const [each, setEach] = useState(String(ofEach))
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const dialog = event.currentTarget.closest('dialog')
    await onLimit({ requests_per_second: Number(all), requests_per_second_per_key: Number(each) })
    // a problem shows above the table
    dialog?.close()
  }
  return (
    <Dialog title={`Limits of “${account.name || account.tenant}”`} onClose={onClose}>
      <form className="panel-form" onSubmit={save}>
        <NumberField
          label="Calls per second"
          isRequired
          max={maxPerSecond}
          hint="For all secret keys together; 0 is no limit."
          value={all}
          onChange={setAll}
        />
        <NumberField
          label="Calls per second of each key"
          isRequired
          max={maxPerSecond}
          hint="0 is no separate limit."
          value={each}
          onChange={setEach}
        />
        <button type="submit" className="button">
          Save
        </button>
      </form>
    </Dialog>
  )
}
