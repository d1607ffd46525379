import { type ComponentType, useState } from 'react'
import { ActivitySection } from './sections/activity-section.js'
import { AuditSection } from './sections/audit-section.js'
import { CardsSection } from './sections/cards-section.js'
import { ClientKeysSection } from './sections/client-keys-section.js'
import { CustomersSection } from './sections/customers-section.js'
import { RefusalsSection } from './sections/refusals-section.js'
import { SecretKeysSection } from './sections/secret-keys-section.js'
import { SessionsSection } from './sections/sessions-section.js'
import { SigningKeysSection } from './sections/signing-keys-section.js'

const sections = {
  Activity: ActivitySection,
  'Secret keys': SecretKeysSection,
  'Client keys': ClientKeysSection,
  Customers: CustomersSection,
  Cards: CardsSection,
  Sessions: SessionsSection,
  'Signing keys': SigningKeysSection,
  Refusals: RefusalsSection,
  Audit: AuditSection,
} as const satisfies Record<string, ComponentType>

type SectionName = keyof typeof sections

/** The navigation of the console, and the section that is open. */
export function Sections({ onLeave }: { readonly onLeave: () => void }) {
  const [name, setName] = useState<SectionName>('Activity')
  const Section = sections[name]
  return (
    <div className="page console">
      <nav className="console-nav" aria-label="Console">
        <h1>Console</h1>
        <ul>
          {Object.keys(sections).map((known) => (
            <li key={known}>
              <button type="button" aria-current={known === name} onClick={() => setName(known as SectionName)}>
                {known}
              </button>
            </li>
          ))}
        </ul>
        <button type="button" className="button" data-look="quiet" data-size="small" onClick={onLeave}>
          Sign out
        </button>
      </nav>
      <section className="console-section" aria-labelledby="section-heading">
        <h2 id="section-heading">{name}</h2>
        <Section />
      </section>
    </div>
  )
}
