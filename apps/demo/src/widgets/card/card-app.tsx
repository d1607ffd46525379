import type { WidgetType } from '@hallpass/contracts'
import { type FormEvent, useMemo, useState } from 'react'
import type { Refusal } from '../../shared/backend-api.js'
import { type CardActed, type CardDoneMessage, cardDone } from '../../shared/card-api.js'
import { createAskWidgetHost } from '../common/ask-widget-host.js'
import { findParent } from '../common/parent.js'
import { Problem } from '../common/problem.js'
import { useBusy } from '../common/use-busy.js'
import { Acted } from './acted.js'
import type { Opening } from './read-opening.js'

const texts: Readonly<Record<WidgetType, readonly [title: string, text: string, button: string]>> = {
  ACTIVATE: ['Activate your card', 'You can use it for your next payment.', 'Activate'],
  SET_PIN: ['Choose a PIN', 'Four digits that only you know.', 'Set the PIN'],
  GET_PIN: ['Your PIN', 'Make sure no one is watching. The PIN is shown for ten seconds.', 'Show the PIN'],
  REVEAL: [
    'Your card number',
    'Make sure no one is watching. The number is shown for twenty seconds.',
    'Show the number',
  ],
}

/** The card widget: one action on one card. It calls the processor. The host page only learns that the action succeeded. */
export function CardApp({ opening }: { readonly opening: Opening | undefined }) {
  const parent = useMemo(findParent, [])
  const ask = useMemo(() => createAskWidgetHost(parent, 'processor'), [parent])
  const [acted, setActed] = useState<CardActed>()
  const [refusal, setRefusal] = useState<Refusal>()
  const [pin, setPin] = useState('')
  const [isBusy, run] = useBusy()
  if (!opening) return <Sheet title="This widget can’t be opened">The page didn’t pass a token.</Sheet>
  const { token: widget_token, type: widget_type } = opening
  if (acted) return <Acted type={widget_type} acted={acted} />
  const [title, text, button] = texts[widget_type]
  const act = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      const needed = widget_type === 'SET_PIN' ? { pin } : {}
      const asked = await ask<CardActed>('/api/card/act', { widget_token, widget_type, ...needed })
      if ('refusal' in asked) return setRefusal(asked.refusal)
      setActed(asked.answer)
      const done: CardDoneMessage = { type: cardDone, widget_type }
      parent.send(done)
    })
  }
  return (
    <Sheet title={title}>
      <p>{text}</p>
      <form onSubmit={act}>
        {widget_type === 'SET_PIN' && (
          <label>
            <span>New PIN</span>
            <input
              required
              type="password"
              inputMode="numeric"
              autoComplete="off"
              pattern="[0-9]{4}"
              maxLength={4}
              value={pin}
              onChange={(event) => setPin(event.target.value)}
            />
          </label>
        )}
        <Problem refusal={refusal} />
        <button type="submit" className="primary" aria-disabled={isBusy}>
          {isBusy ? 'One moment…' : button}
        </button>
      </form>
    </Sheet>
  )
}

function Sheet({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <main className="card-sheet">
      <h1>{title}</h1>
      {children}
    </main>
  )
}
