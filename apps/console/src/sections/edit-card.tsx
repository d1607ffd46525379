import { type FormEvent, useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import { TextField } from '../parts/fields.js'
import type { Card } from '../types.js'

interface Props {
  readonly card: Card
  readonly onSave: (patch: Pick<Card, 'customer_id' | 'last_four'>) => Promise<boolean>
  readonly onClose: () => void
}

/** Asks for the holder and the number of a card. */
export function EditCard({ card, onSave, onClose }: Props) {
  const [customerId, setCustomerId] = useState(card.customer_id)
  const [lastFour, setLastFour] = useState(card.last_four ?? '')
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const dialog = event.currentTarget.closest('dialog')
    await onSave({ customer_id: customerId.trim(), last_four: lastFour.trim() || null })
    // a problem shows above the table
    dialog?.close()
  }
  return (
    <Dialog title={`Edit the card ${card.last_four ?? card.id}`} onClose={onClose}>
      <form className="panel-form" onSubmit={save}>
        <TextField label="Holder’s customer id" isRequired value={customerId} onChange={setCustomerId} />
        <TextField label="Last four digits" hint="Optional." value={lastFour} onChange={setLastFour} />
        <button type="submit" className="button">
          Save
        </button>
      </form>
    </Dialog>
  )
}
