import { Link } from '@hallpass/console/link'

/** What an address without a page shows. */
export function NotFound() {
  return (
    <div className="page not-found">
      <h1>Page not found</h1>
      <p>
        The demo has no page at this address. <Link to="/">Go to the overview</Link>
      </p>
    </div>
  )
}
