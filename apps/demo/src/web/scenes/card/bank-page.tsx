import type { WidgetType } from '@hallpass/contracts'
import { useState } from 'react'
import { useSettings } from '../../shell/settings.js'
import type { Card, OpenWidget, useCards } from './use-cards.js'

const acts: readonly (readonly [type: WidgetType, name: string])[] = [
  ['REVEAL', 'Show the number'],
  ['GET_PIN', 'Show the PIN'],
  ['SET_PIN', 'Choose a PIN'],
]

/** A bank's page with a customer's cards. The page never receives their secrets. */
export function BankPage({ bank, name }: { readonly bank: ReturnType<typeof useCards>; readonly name: string }) {
  const { cards, widget, problem, open, close } = bank
  const [chosen, setChosen] = useState(0)
  const card = cards[chosen]
  const choose = (at: number) => {
    setChosen(at)
    close()
  }
  return (
    <div className="bank">
      <header className="bank-head">
        <span className="bank-name">Kestrel</span>
        <span className="bank-muted">{name}</span>
      </header>
      <div className="bank-columns">
        <section className="bank-card-side" aria-label="Your cards">
          <div className="bank-tabs">
            {cards.map(({ id, last_four }, at) => (
              <button
                key={id}
                type="button"
                className="bank-action"
                aria-pressed={at === chosen}
                onClick={() => choose(at)}
              >
                ··· {last_four}
              </button>
            ))}
          </div>
          <Plastic card={card} name={name} />
          {card?.status && <Acts card={card} open={open} />}
        </section>
        <section className="bank-widget-side" aria-label="Widget" aria-live="polite">
          {widget ? (
            <CardFrame widget={widget} />
          ) : (
            <p className="bank-muted">{problem ?? 'Choose what to do with the card.'}</p>
          )}
        </section>
      </div>
    </div>
  )
}

/** The actions for a card. A new card must be activated first. */
function Acts({ card, open }: { readonly card: Card; readonly open: (card: Card, type: WidgetType) => void }) {
  const possible = card.status === 'ACTIVE' ? acts : ([['ACTIVATE', 'Activate the card']] as const)
  return (
    <div className="bank-actions">
      {possible.map(([type, text]) => (
        <button key={type} type="button" className="bank-action" onClick={() => open(card, type)}>
          {text}
        </button>
      ))}
    </div>
  )
}

function Plastic({ card, name }: { readonly card: Card | undefined; readonly name: string }) {
  return (
    <div className="plastic" data-status={card?.status}>
      <span className="plastic-name">Kestrel</span>
      <span className="plastic-number">•••• •••• •••• {card?.last_four ?? '••••'}</span>
      <span className="plastic-who">
        <span>{name}</span>
        <span>{card?.status === 'UNACTIVATED' ? 'not activated' : ''}</span>
      </span>
    </div>
  )
}

/** The widget, on its provider's origin. The token is in the fragment, which browsers never send to a server. */
function CardFrame({ widget: { type, token } }: { readonly widget: OpenWidget }) {
  const { widgetsUrl } = useSettings()
  const query = new URLSearchParams({ parent: location.origin })
  const opening = new URLSearchParams({ widget_token: token, widget_type: type })
  const url = `${widgetsUrl}/card?${query}#${opening}`
  return (
    <>
      <div className="bank-frame">
        <iframe key={token} title="Card widget" src={url} />
      </div>
      <p className="bank-muted">
        <a href={url} target="_blank" rel="noopener">
          Open the same token in a second tab
        </a>
      </p>
    </>
  )
}
