import type { Operations, OutputOf } from '@hallpass/contracts'
import { type FormEvent, useState } from 'react'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'
import { Link } from '../ui/link.js'

type Found = OutputOf<Operations['tokens.identify']>['data'][number]

interface Result {
  readonly found: readonly Found[]
  /** The id of a request that was refused. */
  readonly requestId: string | undefined
}

const pages: Readonly<Record<Found['kind'], { readonly name: string; readonly path: string }>> = {
  account: { name: 'Account', path: '/console/accounts' },
  api_key: { name: 'Secret key', path: '/console/secret-keys' },
  client_key: { name: 'Client key', path: '/console/client-keys' },
  customer: { name: 'Customer', path: '/console/customers' },
  card: { name: 'Card', path: '/console/cards' },
  kind: { name: 'Kind of token', path: '/console/kinds' },
}

/** Finds what an id or a key belongs to. The text can be a secret, so it never becomes part of the address. */
export function SearchSection() {
  const hallpass = useHallpass()
  const [text, setText] = useState('')
  const [result, setResult] = useState<Result>()
  const { isBusy, problem, run } = useAction()
  const search = (event: FormEvent) => {
    event.preventDefault()
    const wanted = text.trim()
    run(async () => {
      setResult(undefined)
      const { data: found } = await hallpass.tokens.identify({ id_or_secret: wanted })
      const refusals = isSecret(wanted) ? [] : (await hallpass.admin.refusals.get({ request_id: wanted })).data
      setResult({ found, requestId: refusals.length > 0 ? wanted : undefined })
    })
  }
  return (
    <>
      <p className="quiet">
        Paste an id, the name of a client key, a secret key, or a <code>Request-Id</code>.
      </p>
      <search>
        <form className="inline-form" onSubmit={search}>
          <label className="field">
            <span className="visually-hidden">Id, key or Request-Id</span>
            <input
              className="input"
              required
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </label>
          <button type="submit" className="button" aria-disabled={isBusy}>
            Search
          </button>
        </form>
      </search>
      <Problem error={problem} />
      <div role="status">{result && <Results {...result} />}</div>
    </>
  )
}

function Results({ found, requestId }: Result) {
  if (found.length === 0 && requestId === undefined) return <p>Nothing in this account has this id or key.</p>
  return (
    <ul className="results">
      {found.map(({ kind, id }) => (
        <li key={id}>
          {pages[kind].name} <Link to={`${pages[kind].path}?q=${encodeURIComponent(id)}`}>{id}</Link>
        </li>
      ))}
      {requestId !== undefined && (
        <li>
          Refused request <Link to={`/console/refusals?request=${encodeURIComponent(requestId)}`}>{requestId}</Link>
        </li>
      )}
    </ul>
  )
}

const isSecret = (text: string) => text.startsWith('sk_')
