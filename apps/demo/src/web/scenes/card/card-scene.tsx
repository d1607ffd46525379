import './card.css'
import { useSettings } from '../../shell/settings.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { ScenePage } from '../scene-page.js'
import { BankPage } from './bank-page.js'
import { cardAttempts } from './card-attempts.js'
import { cardFlow } from './card-flow.js'
import { useCards } from './use-cards.js'

/** Card: one token for one card and one widget, spent once, by the processor. */
export function CardScene() {
  const bank = useCards()
  const { customer } = useSettings()
  return (
    <ScenePage
      title="Card"
      lead="The bank’s page never sees a card number. It fetches a token for one card and one purpose; the processor’s widget spends it, once, and shows the secret on its own origin."
      flow={cardFlow}
      lanes={['browser', 'backend', 'hallpass', 'processor', 'widget']}
      hint="Show the number of the card, or its PIN."
      attempts={cardAttempts}
    >
      <BrowserFrame label="The bank" path="/cards">
        <BankPage bank={bank} name={customer.name} />
      </BrowserFrame>
    </ScenePage>
  )
}
