import { Countdown } from './countdown.js'
import { decodeToken } from './decode-token.js'
import { formatClaim, meaningOf } from './describe-claim.js'
import type { FoundToken } from './find-tokens.js'
import { SignatureLine } from './signature-line.js'
import { kindOf } from './token-kinds.js'

/** A token drawn as a paper slip: its kind, lifetime, claims and the result of the signature check. */
export function TokenPass({ token }: { readonly token: FoundToken }) {
  const decoded = decodeToken(token.raw)
  const { name, about } = kindOf(decoded?.header.typ, token)
  const expiresAt = decoded?.claims.exp
  return (
    <article className="pass-block">
      <div className="pass">
        <div className="pass-stub">
          <b>{name}</b>
          {typeof expiresAt === 'number' ? (
            <Countdown expiresAtSeconds={expiresAt} />
          ) : (
            <span className="countdown">opaque</span>
          )}
        </div>
        <div className="pass-text">
          <p>{about}</p>
          <code className="quiet">{shortenToken(token.raw)}</code>
        </div>
      </div>
      {decoded && (
        <>
          <SignatureLine raw={token.raw} />
          <dl className="claims">
            {Object.entries(decoded.claims).map(([claim, value]) => (
              <div key={claim} className="claim">
                <dt>
                  <code>{claim}</code>
                  <span>{meaningOf(claim)}</span>
                </dt>
                <dd>
                  <code>{formatClaim(claim, value)}</code>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </article>
  )
}

const headLength = 18
const tailLength = 6

/** The start and end of a token, enough to distinguish it from others. */
function shortenToken(raw: string): string {
  // otherwise a short token would be shown completely
  if (raw.length < 2 * (headLength + tailLength)) return `${raw.slice(0, 8)}…`
  return `${raw.slice(0, headLength)}…${raw.slice(-tailLength)}`
}
