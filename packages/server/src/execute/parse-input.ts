import {
  type Issue,
  Issues,
  isPlainObject,
  type Operation,
  parseInputOf,
  type RefusalReason,
} from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'

/**
 * Refuses an input whose documented required field is missing, empty or not a string. Returns the input as an object.
 */
export function requireFields(operation: Operation, input: unknown): Record<string, unknown> {
  const object = isPlainObject(input) ? input : undefined
  for (const names of operation.required ?? []) {
    if (names.some((name) => isFilledText(object?.[name]))) continue
    throw new HallpassError('missing_field', messages.missingField(names[0] ?? 'A field'))
  }
  return object ?? {}
}

/** The parsed input, or a refusal whose reason depends on where REST carries the field. */
export function parseInput(operation: Operation, input: unknown): unknown {
  const parsed = parseInputOf(operation, input)
  if (!(parsed instanceof Issues)) return parsed
  const fault = firstFault(operation, parsed.list)
  throw new HallpassError(reasonFor(operation, fault), describe(fault), { items: parsed.list })
}

/** Path before query before body, the order in which a reader meets them in the request. */
function firstFault(operation: Operation, faults: readonly Issue[]): Issue {
  const byPlace = [operation.pathFields, operation.queryFields].flatMap((names) =>
    faults.filter((fault) => isOf(names, fault)),
  )
  return byPlace[0] ?? faults[0] ?? { detail: 'is not valid' }
}

function reasonFor(operation: Operation, fault: Issue): RefusalReason {
  if (operation.body === 'form') return 'malformed_request'
  if (isOf(operation.pathFields, fault)) return 'invalid_path_parameter'
  if (isOf(operation.queryFields, fault) && operation.refusals.includes('invalid_query_parameter'))
    return 'invalid_query_parameter'
  return 'validation_failed'
}

const isOf = (names: readonly string[] | undefined, fault: Issue) => names?.includes(fault.reference ?? '') ?? false

const describe = ({ reference, detail }: Issue) =>
  reference === undefined ? messages.invalidRequest(detail) : messages.invalidField(reference, detail)

export const isFilledText = (value: unknown): value is string => typeof value === 'string' && value !== ''
