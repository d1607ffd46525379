import { Link } from './link.js'

/** The logo, which leads to the start page. */
export function Brand({ to }: { readonly to: string }) {
  return (
    <Link to={to} className="brand">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <path
          className="brand-slip"
          d="M6 8a3 3 0 0 1 3-3h14a3 3 0 0 1 3 3v4.5a3.5 3.5 0 0 0 0 7V24a3 3 0 0 1-3 3H9a3 3 0 0 1-3-3v-4.5a3.5 3.5 0 0 0 0-7Z"
        />
        <path className="brand-check" d="m11 16.2 3.6 3.6L21.4 12" />
      </svg>
      <span>Hallpass</span>
    </Link>
  )
}
