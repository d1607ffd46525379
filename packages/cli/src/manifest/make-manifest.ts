import { type Operation, type OperationId, operations } from '@hallpass/contracts'
import { exampleOf } from './example.js'
import { fieldsOf } from './fields.js'
import { headerFlagsOf } from './header-flags.js'
import type { ManifestEntry } from './manifest.js'

/** The content of manifest.json, generated from the contracts. */
export function makeManifest(): string {
  const entries = Object.entries<Operation>(operations) as [OperationId, Operation][]
  return `${JSON.stringify(entries.map(toManifestEntry), null, 1)}\n`
}

function toManifestEntry([id, operation]: readonly [OperationId, Operation]): ManifestEntry {
  const { summary, description, methods, paths, body } = operation
  return {
    id,
    summary,
    description,
    route: `${methods[0]} ${paths[0]}`,
    takesBody: body !== 'ignored',
    fields: fieldsOf(operation),
    headers: headerFlagsOf(operation).map(({ issueOf: _, ...header }) => header),
    example: exampleOf(operation),
  }
}
