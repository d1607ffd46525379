import { useHolds, useSession } from '../session/session.js'

/** The account, its environment, and the key that acts on it. */
export function Identity() {
  const { account, home, apiKey, actOn } = useSession()
  const canChange = useHolds('admin')
  return (
    <dl className="identity" aria-label="Signed in">
      <div>
        <dt className="visually-hidden">Account</dt>
        <dd>
          <b>{account.name || 'unnamed'}</b> <code>{account.tenant}</code>{' '}
          <span className="status" data-kind={account.environment === 'production' ? 'bad' : 'quiet'}>
            {account.environment}
          </span>
        </dd>
      </div>
      <div className="quiet small">
        <dt className="visually-hidden">Secret key</dt>
        <dd>
          {apiKey.name || 'unnamed key'} {apiKey.hint !== null && <code>{apiKey.hint}</code>}
          {!canChange && <span className="status"> read-only</span>}
        </dd>
      </div>
      {account.id !== home.id && (
        <div className="small">
          <dt className="visually-hidden">Own account</dt>
          <dd>
            <button type="button" className="text-button" onClick={() => actOn(home)}>
              Back to {home.name || home.tenant}
            </button>
          </dd>
        </div>
      )}
    </dl>
  )
}
