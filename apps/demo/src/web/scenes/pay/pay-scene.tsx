import { type SandboxOutcome, sandboxOutcomes } from '@hallpass/contracts/core'
import './pay.css'
import { useState } from 'react'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { Choices } from '../../stage/choices.js'
import { ScenePage } from '../scene-page.js'
import { CheckoutPage } from './checkout-page.js'
import { payAttempts } from './pay-attempts.js'
import { payFlow } from './pay-flow.js'
import { useCheckout } from './use-checkout.js'

/** Pay by bank: one token opens the bank widget for one customer. */
export function PayScene() {
  const checkout = useCheckout()
  const [outcome, setOutcome] = useState<SandboxOutcome>('active')
  return (
    <ScenePage
      title="Pay by bank"
      lead="The shop’s backend asks Hallpass for a token that opens the bank widget for this customer, and for nobody else. The page only carries it."
      flow={payFlow}
      lanes={['browser', 'backend', 'hallpass', 'widget-host', 'widget']}
      hint="Press “Pay”, and watch who asks whom."
      attempts={payAttempts}
    >
      <Choices label="The sandbox shall answer" options={sandboxOutcomes} value={outcome} onChange={setOutcome} />
      <BrowserFrame label="The shop" path="/checkout">
        <CheckoutPage flow={checkout} outcome={outcome} />
      </BrowserFrame>
    </ScenePage>
  )
}
