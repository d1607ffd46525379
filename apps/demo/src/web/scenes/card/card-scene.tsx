import './card.css'
import { useSettings } from '../../shell/settings.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { cardFlow } from '../flows.js'
import { projects } from '../projects.js'
import { ScenePage } from '../scene-page.js'
import { BankPage } from './bank-page.js'
import { cardAttempts } from './card-attempts.js'
import { useCards } from './use-cards.js'

/** Card: a token for one card and one widget, which the processor redeems once. */
export function CardScene() {
  const bank = useCards()
  const { customer } = useSettings()
  return (
    <ScenePage
      title="Card"
      lead="The bank’s page never sees a card number. It requests a token for one card and one purpose. The processor’s widget redeems it once, and shows the secret on its own origin."
      flow={cardFlow}
      lanes={['browser', 'backend', 'hallpass', 'processor', 'widget']}
      hint="Show the card’s number or its PIN."
      attempts={cardAttempts}
      project={projects.card}
    >
      <BrowserFrame label="The bank" path="/cards">
        <BankPage bank={bank} name={customer.name} />
      </BrowserFrame>
    </ScenePage>
  )
}
