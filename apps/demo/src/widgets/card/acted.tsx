import type { WidgetType } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import type { CardActed } from '../../shared/card-api.js'

/** How long a secret stays in sight. */
const sightSeconds: Partial<Record<WidgetType, number>> = { REVEAL: 20, GET_PIN: 10 }

/** What came of the act. A secret goes out of sight by itself, and out of the page's memory with it. */
export function Acted({ type, acted }: { readonly type: WidgetType; readonly acted: CardActed }) {
  const [left, setLeft] = useState(sightSeconds[type] ?? 0)
  const isHidden = type in sightSeconds && left <= 0
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  return (
    <main className="card-sheet">
      <div aria-live="polite">
        <h1>{titleOf(type, isHidden)}</h1>
      </div>
      {isHidden ? (
        <p>This token is spent. To see it again, ask the page for another.</p>
      ) : (
        <>
          <Secret acted={acted} type={type} />
          {left > 0 && (
            <p className="card-left">
              <span>
                Out of sight in <b>{left}</b> s
              </span>
              <button type="button" className="quiet" onClick={() => setLeft(0)}>
                Hide it now
              </button>
            </p>
          )}
        </>
      )}
    </main>
  )
}

function Secret({ type, acted }: { readonly type: WidgetType; readonly acted: CardActed }) {
  if (type === 'GET_PIN') return <p className="card-secret">{acted.pin}</p>
  if (type !== 'REVEAL') return <p>The card that ends in {acted.last_four}.</p>
  return (
    <dl className="card-facts">
      <dt>Number</dt>
      <dd className="card-secret">{acted.pan?.replace(/(.{4})(?=.)/g, '$1 ')}</dd>
      <dt>Valid to</dt>
      <dd>{acted.expiry}</dd>
      <dt>Security code</dt>
      <dd>{acted.cvc}</dd>
    </dl>
  )
}

function titleOf(type: WidgetType, isHidden: boolean): string {
  if (isHidden) return 'Out of sight'
  const titles = { ACTIVATE: 'Your card works', SET_PIN: 'The PIN is set', GET_PIN: 'Your PIN', REVEAL: 'Your card' }
  return titles[type]
}
