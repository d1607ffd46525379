import type { SandboxOutcome } from '@hallpass/contracts/core'
import type { ReactNode } from 'react'
import { BankWidget } from './bank-widget.js'
import { formatCents, order, totalCents } from './order.js'
import { Pots } from './pots.js'
import type { useCheckout } from './use-checkout.js'

interface Props {
  readonly flow: ReturnType<typeof useCheckout>
  readonly outcome: SandboxOutcome
}

/** The checkout of a pottery shop. */
export function CheckoutPage({ flow, outcome }: Props) {
  const { checkout } = flow
  return (
    <div className="shop">
      <header className="shop-head">
        <span className="shop-name">Halden &amp; Fell</span>
        <span className="shop-place">Pottery, since 1974</span>
      </header>
      <div className="shop-columns">
        <section className="shop-order" aria-label="Your order">
          <Pots />
          <ul>
            {order.lines.map(({ name, detail, cents }) => (
              <li key={name}>
                <span>
                  <b>{name}</b>
                  <small>{detail}</small>
                </span>
                <span>{formatCents(cents)}</span>
              </li>
            ))}
            <li className="shop-total">
              <b>Total, including shipping</b>
              <b>{formatCents(totalCents)}</b>
            </li>
          </ul>
        </section>
        <section className="shop-pay" aria-label="Payment" aria-live="polite">
          <Payment flow={flow} outcome={outcome} />
        </section>
      </div>
      {(checkout.at === 'widget' || checkout.at === 'linked') && <BankWidget token={checkout.token} handlers={flow} />}
    </div>
  )
}

function Payment({ flow, outcome }: Props) {
  const { checkout, pay, startOver } = flow
  if (checkout.at === 'done') return <Done paykey={checkout.paykey} onAgain={startOver} />
  if (checkout.at === 'manual') {
    return (
      <Note title="Enter your account details" onAgain={startOver}>
        The widget hands over to the shop’s own form. No account was linked.
      </Note>
    )
  }
  if (checkout.at === 'failed') {
    return (
      <Note title="Something went wrong" onAgain={startOver}>
        {checkout.why}
      </Note>
    )
  }
  const isBusy = checkout.at !== 'basket'
  return (
    <>
      <h2>Pay by bank</h2>
      <p>Straight from your account. No card, no fee, nothing to type.</p>
      <button type="button" className="shop-button" aria-disabled={isBusy} onClick={() => !isBusy && pay(outcome)}>
        {checkout.at === 'asking' ? 'One moment…' : `Pay ${formatCents(totalCents)}`}
      </button>
      <small>You choose your bank and give your consent in the next step.</small>
    </>
  )
}

const results: Readonly<Record<string, readonly [title: string, text: string]>> = {
  active: ['Paid. Thank you!', 'Your pots are being wrapped in far too much paper.'],
  review: ['Thank you. Almost there', 'We’re reviewing your bank account. You’ll hear from us within a day.'],
}

function Done({
  paykey,
  onAgain,
}: {
  readonly paykey: { readonly status: string; readonly institution_name: string; readonly label: string }
  readonly onAgain: () => void
}) {
  const [title, text] = results[paykey.status] ?? [
    'This account can’t be used',
    'Your bank declined it. You haven’t been charged.',
  ]
  return (
    <Note title={title} onAgain={onAgain}>
      {text} <span className="shop-paid-from">{paykey.label || paykey.institution_name}</span>
    </Note>
  )
}

function Note({
  title,
  children,
  onAgain,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly onAgain: () => void
}) {
  return (
    <>
      <h2>{title}</h2>
      <p>{children}</p>
      <button type="button" className="shop-button" data-look="quiet" onClick={onAgain}>
        Back to the order
      </button>
    </>
  )
}
