import type { ShownToken } from '../scenes/scene.js'
import { decodeToken } from '../tokens/decode-token.js'
import { formatClaim, meaningOf } from '../tokens/describe-claim.js'
import { shortenToken } from '../tokens/shorten-token.js'

/** A token, shortened, and everything that can be read in it. */
export function TokenView({ token }: { readonly token: ShownToken }) {
  const decoded = decodeToken(token.raw)
  const name = (
    <>
      <span className="token-name">{token.name}</span> <code className="token-raw">{shortenToken(token.raw)}</code>{' '}
    </>
  )
  if (!decoded) {
    return (
      <p className="token token-opaque">
        {name}
        <span className="token-kind">opaque, nothing to read</span>
      </p>
    )
  }
  return (
    <details className="token" open>
      <summary>
        {name}
        <span className="token-kind">{String(decoded.header.typ)}</span>
      </summary>
      <dl className="claims">
        {Object.entries(decoded.claims).map(([claim, value]) => (
          <div key={claim} className="claim">
            <dt>
              <code>{claim}</code>
            </dt>
            <dd>
              <code>{formatClaim(claim, value)}</code> <span className="claim-meaning">{meaningOf(claim)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
