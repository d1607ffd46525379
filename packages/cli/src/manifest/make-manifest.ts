import { type Operation, type OperationId, operations } from '@hallpass/contracts'
import { exampleOf } from './example.js'
import { fieldsOf } from './fields.js'
import { headerFlagsOf } from './header-flags.js'
import type { OfferedOperation } from './manifest.js'

/** The text of manifest.json, made from the contracts. */
export function makeManifest(): string {
  const entries = Object.entries<Operation>(operations) as [OperationId, Operation][]
  return `${JSON.stringify(entries.map(offer), null, 1)}\n`
}

function offer([id, operation]: readonly [OperationId, Operation]): OfferedOperation {
  const { summary, description, methods, paths, body } = operation
  return {
    id,
    summary,
    description,
    route: `${methods[0]} ${paths[0]}`,
    takesBody: body !== 'ignored',
    fields: fieldsOf(operation),
    headers: headerFlagsOf(operation).map(({ faultOf: _, ...header }) => header),
    example: exampleOf(operation),
  }
}
