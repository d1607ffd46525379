import { type SandboxOutcome, sandboxOutcomes } from '@hallpass/contracts/core'
import './pay.css'
import { Choices } from '@hallpass/console/choices'
import { useState } from 'react'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { payFlow } from '../flows.js'
import { projects } from '../projects.js'
import { ScenePage } from '../scene-page.js'
import { CheckoutPage } from './checkout-page.js'
import { payAttempts } from './pay-attempts.js'
import { useCheckout } from './use-checkout.js'

/** Pay by bank: a token opens the bank widget for one customer. */
export function PayScene() {
  const checkout = useCheckout()
  const [outcome, setOutcome] = useState<SandboxOutcome>('active')
  return (
    <ScenePage
      title="Pay by bank"
      lead="The shop’s backend asks Hallpass for a token that opens the bank widget for this customer only. The page just passes it on."
      flow={payFlow}
      lanes={['browser', 'backend', 'hallpass', 'widget-host', 'widget']}
      hint="Press “Pay” and watch the requests."
      attempts={payAttempts}
      project={projects.pay}
    >
      <Choices label="Sandbox outcome" options={sandboxOutcomes} value={outcome} onChange={setOutcome} />
      <BrowserFrame label="The shop" path="/checkout">
        <CheckoutPage flow={checkout} outcome={outcome} />
      </BrowserFrame>
    </ScenePage>
  )
}
