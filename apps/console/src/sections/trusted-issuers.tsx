import type { ClientKeyPatch } from '@hallpass/contracts'
import { ConfirmedButton } from '../parts/confirm.js'
import { Facts } from '../parts/facts.js'
import { useHolds } from '../session/session.js'
import type { ClientKey, Issuer } from '../types.js'
import { IssuerForm } from './issuer-form.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
}

const maxIssuers = 5

/** The identity providers whose tokens begin sessions of a client key. */
export function TrustedIssuers({ clientKey, isBusy, onChange }: Props) {
  const { name, trusted_issuers: issuers = [] } = clientKey
  const canChange = useHolds('admin')
  const replace = (issuer: Issuer, by: readonly Issuer[]) =>
    onChange({ trusted_issuers: issuers.flatMap((one) => (one === issuer ? by : [one])) })
  return (
    <div className="issuers">
      <h3 className="eyebrow">Trusted issuers</h3>
      {issuers.length === 0 && (
        <p className="quiet small">None. Tokens of an identity provider can’t begin sessions.</p>
      )}
      {issuers.map((issuer) =>
        canChange ? (
          <IssuerForm
            key={JSON.stringify(issuer)}
            issuer={issuer}
            isBusy={isBusy}
            onSave={(changed) => replace(issuer, [changed])}
            actions={
              <ConfirmedButton
                action="Remove"
                of={`${issuer.issuer} from ${name}`}
                title={`Remove ${issuer.issuer}?`}
                isBusy={isBusy}
                onConfirm={() => replace(issuer, [])}
              >
                Its tokens begin no more sessions. Sessions that began before go on.
              </ConfirmedButton>
            }
          />
        ) : (
          <IssuerFacts key={issuer.issuer} issuer={issuer} />
        ),
      )}
      {canChange && issuers.length < maxIssuers && (
        <IssuerForm
          // a new issuer starts with empty fields
          key={issuers.length}
          of={name}
          isBusy={isBusy}
          onSave={(added) => onChange({ trusted_issuers: [...issuers, added] })}
        />
      )}
    </div>
  )
}

function IssuerFacts({ issuer: { issuer, jwks_uri, audience, subject_claim, claims, max_age } }: { issuer: Issuer }) {
  return (
    <Facts
      facts={{
        Issuer: issuer,
        Keys: jwks_uri ?? 'given here',
        Audience: audience,
        'Claim of the user’s id': subject_claim,
        'Other claims':
          [claims?.display_name, claims?.email, ...(claims?.traits ?? [])].filter(Boolean).join(', ') || 'none',
        'Accepted for': `${max_age} seconds`,
      }}
    />
  )
}
