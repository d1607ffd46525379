import type { WidgetType } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import type { CardActed } from '../../shared/card-api.js'

/** How long a secret stays visible. */
const visibleSeconds: Partial<Record<WidgetType, number>> = { REVEAL: 20, GET_PIN: 10 }

/** The result of the action. A secret is hidden after a few seconds. */
export function Acted({ type, acted }: { readonly type: WidgetType; readonly acted: CardActed }) {
  const [left, setLeft] = useState(visibleSeconds[type] ?? 0)
  const isHidden = type in visibleSeconds && left <= 0
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
        <p>This token has been used. To see the details again, request a new one on the page.</p>
      ) : (
        <>
          <Secret acted={acted} type={type} />
          {left > 0 && (
            <p className="card-left">
              <span>
                Hidden in <b>{left}</b> s
              </span>
              <button type="button" className="quiet" onClick={() => setLeft(0)}>
                Hide now
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
  if (type !== 'REVEAL') return <p>Card ending in {acted.last_four}.</p>
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
  if (isHidden) return 'Hidden'
  const titles = {
    ACTIVATE: 'Your card is active',
    SET_PIN: 'Your PIN is set',
    GET_PIN: 'Your PIN',
    REVEAL: 'Your card',
  }
  return titles[type]
}
