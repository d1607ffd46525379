import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { TextField } from '../parts/fields.js'
import { useHallpass } from '../session/session.js'

/** A form that adds a card to a customer. */
export function CreateCard({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [customerId, setCustomerId] = useState('')
  const [lastFour, setLastFour] = useState('')
  const [id, setId] = useState('')
  const create = async () => {
    await hallpass.admin.cards.upsert({
      id: id.trim() || crypto.randomUUID(),
      customer_id: customerId.trim(),
      last_four: lastFour.trim() || null,
    })
    setCustomerId('')
    setLastFour('')
    setId('')
    onMade()
  }
  return (
    <CreateForm title="Add a card" verb="Add" create={create}>
      <TextField label="Customer id" isRequired value={customerId} onChange={setCustomerId} />
      <TextField label="Last four digits" hint="Optional." value={lastFour} onChange={setLastFour} />
      <TextField
        label="Card id"
        hint="The UUID of the card in your system. If empty, the console chooses one."
        value={id}
        onChange={setId}
      />
    </CreateForm>
  )
}
