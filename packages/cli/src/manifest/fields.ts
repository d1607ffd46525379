import type { Operation } from '@hallpass/contracts'
import { z } from 'zod'
import { toKebabCase } from '../command-name.js'

/** One field of an operation's input, as a flag. */
export interface Field {
  /** Its path of field names, such as `config`, `processing_method`. */
  readonly path: readonly string[]
  /** Without the dashes, such as `config.processing-method`. */
  readonly flag: string
  /** Where REST sends it. */
  readonly place: 'Path' | 'Query' | 'Body'
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly format?: string
  /** The allowed values of an enum; for an array, those of its items. */
  readonly values?: readonly string[]
  readonly description?: string
  readonly defaultValue?: unknown
  readonly required: boolean
}

/** The subset of JSON Schema that inputs use. */
interface Schema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** The fields of an operation's input. An object is followed by its members. */
export function fieldsOf(operation: Operation): Field[] {
  // zod's type for the schema is wider than the subset that inputs use
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as Schema
  // the schema leaves these fields optional, because a missing one has its own error response
  const alone = (operation.required ?? []).filter((names) => names.length === 1).flat()
  return membersOf({ ...schema, required: [...(schema.required ?? []), ...alone] }, [], operation)
}

function membersOf(schema: Schema, parents: readonly string[], operation: Operation): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, written]) => {
    const member = withoutNull(written)
    const path = [...parents, name]
    const required = schema.required?.includes(name) ?? false
    const field = { ...fieldOf(member, path, required), place: placeOf(operation, path[0]) }
    return [field, ...membersOf(member, path, operation)]
  })
}

function placeOf({ pathFields = [], queryFields = [] }: Operation, name = ''): Field['place'] {
  if (pathFields.includes(name)) return 'Path'
  return queryFields.includes(name) ? 'Query' : 'Body'
}

function fieldOf(schema: Schema, path: readonly string[], required: boolean): Omit<Field, 'place'> {
  const { enum: listed, anyOf = [] } = schema.items ?? schema
  const values = (listed ?? anyOf.find((option) => option.enum)?.enum)?.filter((value) => typeof value === 'string')
  return {
    path,
    flag: path.map(toKebabCase).join('.'),
    type: typeOf(schema),
    required,
    ...(schema.format && { format: schema.format }),
    ...(values && { values }),
    ...(schema.description && { description: schema.description }),
    ...(schema.default !== undefined && { defaultValue: schema.default }),
  }
}

function typeOf({ type }: Schema): Field['type'] {
  const known = ['integer', 'number', 'boolean', 'array', 'object'] as const
  return known.find((name) => name === type) ?? 'string'
}

/** The flag of a nullable field has the type of its value. To send null, use a body on stdin. */
function withoutNull(schema: Schema): Schema {
  const shape = schema.anyOf?.find((option) => option.type !== 'null')
  return shape ? { ...shape, ...schema } : schema
}
