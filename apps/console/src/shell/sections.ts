import type { ComponentType } from 'react'
import { AccountsSection } from '../sections/accounts-section.js'
import { ActivitySection } from '../sections/activity-section.js'
import { AuditSection } from '../sections/audit-section.js'
import { CardsSection } from '../sections/cards-section.js'
import { ClientKeysSection } from '../sections/client-keys-section.js'
import { CustomersSection } from '../sections/customers-section.js'
import { KindsSection } from '../sections/kinds-section.js'
import { RefusalsSection } from '../sections/refusals-section.js'
import { SearchSection } from '../sections/search-section.js'
import { SecretKeysSection } from '../sections/secret-keys-section.js'
import { SessionsSection } from '../sections/sessions-section.js'
import { SigningKeysSection } from '../sections/signing-keys-section.js'
import { WebhooksSection } from '../sections/webhooks-section.js'

/** A part of the console with its own address. */
export interface Section {
  readonly path: string
  readonly name: string
  readonly Content: ComponentType
  /** Whether it has nothing to change. */
  readonly isReading?: true
}

/** The sections in navigation order. The first one is also the start page. */
export const sections: readonly Section[] = [
  { path: '/console/activity', name: 'Activity', Content: ActivitySection, isReading: true },
  { path: '/console/accounts', name: 'Accounts', Content: AccountsSection },
  { path: '/console/secret-keys', name: 'Secret keys', Content: SecretKeysSection },
  { path: '/console/client-keys', name: 'Client keys', Content: ClientKeysSection },
  { path: '/console/customers', name: 'Customers', Content: CustomersSection },
  { path: '/console/cards', name: 'Cards', Content: CardsSection },
  { path: '/console/kinds', name: 'Kinds', Content: KindsSection },
  { path: '/console/sessions', name: 'Sessions', Content: SessionsSection },
  { path: '/console/signing-keys', name: 'Signing keys', Content: SigningKeysSection },
  { path: '/console/webhooks', name: 'Webhooks', Content: WebhooksSection },
  { path: '/console/refusals', name: 'Refusals', Content: RefusalsSection, isReading: true },
  { path: '/console/audit', name: 'Audit', Content: AuditSection, isReading: true },
  { path: '/console/search', name: 'Search', Content: SearchSection, isReading: true },
]

export function findSection(path: string): Section | undefined {
  const known = path.replace(/\/$/, '')
  return known === '/console' ? sections[0] : sections.find((section) => section.path === known)
}
