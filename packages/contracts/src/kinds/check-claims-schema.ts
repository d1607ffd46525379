import { isPlainObject } from '../core/is-plain-object.js'
import { claimsFormats } from './formats.js'

/** What is wrong with a schema of claims, and where. */
export interface ClaimsSchemaIssue {
  readonly path: readonly string[]
  readonly detail: string
}

type Schema = Readonly<Record<string, unknown>>

/** The limits of a schema. They bound what checking one token's claims can cost. */
const claimsSchemaLimits = {
  bytes: 8192,
  depth: 8,
  schemas: 100,
  enumValues: 100,
  anyOf: 8,
  nameLength: 100,
  length: 10_000,
} as const

const dialect = 'https://json-schema.org/draft/2020-12/schema'
const typeNames: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']

/** The types that each keyword applies to. On other types it has no effect, so it may only be used with its own. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  properties: ['object'],
  required: ['object'],
  additionalProperties: ['object'],
  items: ['array'],
  minItems: ['array'],
  maxItems: ['array'],
  minLength: ['string'],
  maxLength: ['string'],
  format: ['string'],
  minimum: ['number', 'integer'],
  maximum: ['number', 'integer'],
}

/** What a schema inherits from the one whose `anyOf` it is in, which describes the same value. */
interface Around {
  readonly types: readonly string[] | undefined
  readonly names: ReadonlySet<string>
}
const nothingAround: Around = { types: undefined, names: new Set() }

interface Walk {
  /** How many schemas were seen. */
  count: number
}

/**
 * The first problem of a schema for claims, or undefined if it is usable: JSON Schema 2020-12 with a closed list of
 * keywords, none of which can take more than linear time. Keywords stand beside
 * the type that they apply to, as strict validators require.
 */
export function findClaimsSchemaIssue(schema: unknown): ClaimsSchemaIssue | undefined {
  if (!isPlainObject(schema)) return issue([], 'must be an object')
  const bytes = jsonBytesOf(schema)
  if (bytes === undefined || bytes > claimsSchemaLimits.bytes)
    return issue([], `must be at most ${claimsSchemaLimits.bytes} bytes of JSON`)
  if (schema.type !== 'object') return issue(['type'], 'must be object, because claims are an object')
  if (schema.$schema !== undefined && schema.$schema !== dialect) return issue(['$schema'], `must be ${dialect}`)
  const { $schema: _, ...rest } = schema
  return inSchema(rest, { path: [], around: nothingAround, walk: { count: 0 } })
}

interface At {
  readonly path: readonly string[]
  readonly around: Around
  readonly walk: Walk
}

function inSchema(schema: unknown, at: At): ClaimsSchemaIssue | undefined {
  const { path, around, walk } = at
  if (!isPlainObject(schema)) return issue(path, 'must be a schema: an object')
  walk.count += 1
  if (walk.count > claimsSchemaLimits.schemas)
    return issue(path, `must contain at most ${claimsSchemaLimits.schemas} schemas`)
  const unknown = Object.keys(schema).find((name) => !Object.hasOwn(keywords, name))
  if (unknown !== undefined) return issue([...path, unknown], 'is not an allowed keyword')
  const own = typesIn(schema.type)
  if (own === 'invalid') return issue([...path, 'type'], 'must be a JSON type, or a list of different ones')
  const outside = own?.find((type) => around.types && !includesType(around.types, type))
  if (outside !== undefined) return issue([...path, 'type'], 'must be among the types of the schema around anyOf')
  const types = own ?? around.types
  const names = new Set([...around.names, ...(isPlainObject(schema.properties) ? Object.keys(schema.properties) : [])])
  for (const [name, value] of Object.entries(schema)) {
    const needed = Object.hasOwn(typesOf, name) ? typesOf[name] : undefined
    if (needed && !needed.some((type) => types?.includes(type)))
      return issue([...path, name], `needs the type ${needed.join(' or ')} beside it`)
    const found = keywords[name]?.(value, { path: [...path, name], around: { types, names }, walk, schema })
    if (found) return found
  }
  return undefined
}

interface Keyword extends At {
  readonly schema: Schema
}
type CheckKeyword = (value: unknown, at: Keyword) => ClaimsSchemaIssue | undefined

const isText: CheckKeyword = (value, { path }) =>
  typeof value === 'string' ? undefined : issue(path, 'must be a text')

const isNumber: CheckKeyword = (value, { path }) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : issue(path, 'must be a number')

const isLength: CheckKeyword = (value, { path }) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= claimsSchemaLimits.length
    ? undefined
    : issue(path, `must be a whole number from 0 to ${claimsSchemaLimits.length}`)

/** A value inside the one that the schema around it describes. */
const inside = (value: unknown, { path, walk }: At) =>
  path.length > claimsSchemaLimits.depth * 2
    ? issue(path, `must be nested at most ${claimsSchemaLimits.depth} levels deep`)
    : inSchema(value, { path, walk, around: nothingAround })

const keywords: Readonly<Record<string, CheckKeyword>> = {
  title: isText,
  description: isText,
  // checked before the others
  type: () => undefined,
  properties(value, { path, walk }) {
    if (!isPlainObject(value)) return issue(path, 'must be an object of schemas')
    for (const [name, schema] of Object.entries(value)) {
      if (name === '__proto__') return issue(path, 'must not contain a property called __proto__')
      if (name.length > claimsSchemaLimits.nameLength)
        return issue(path, `must contain names of at most ${claimsSchemaLimits.nameLength} characters`)
      const found = inside(schema, { path: [...path, name], walk, around: nothingAround })
      if (found) return found
    }
    return undefined
  },
  required(value, { path, around }) {
    if (!isListOf(value, isString) || hasRepeats(value)) return issue(path, 'must be a list of different names')
    return value.every((name) => around.names.has(name))
      ? undefined
      : issue(path, 'must only contain names that properties describes')
  },
  additionalProperties: (value, at) => (typeof value === 'boolean' ? undefined : inside(value, at)),
  items: inside,
  enum(value, { path }) {
    const { enumValues } = claimsSchemaLimits
    if (isListOf(value, isScalar) && value.length > 0 && value.length <= enumValues && !hasRepeats(value))
      return undefined
    return issue(path, `must be a list of 1 to ${enumValues} different texts, numbers, booleans or null`)
  },
  const: (value, { path }) => (isScalar(value) ? undefined : issue(path, 'must be a text, number, boolean or null')),
  minimum: isNumber,
  maximum: isNumber,
  minLength: isLength,
  maxLength: isLength,
  minItems: isLength,
  maxItems: isLength,
  format: (value, { path }) =>
    claimsFormats.some((format) => format === value)
      ? undefined
      : issue(path, `must be one of ${claimsFormats.join(', ')}`),
  anyOf(value, { path, walk, around }) {
    const { anyOf, depth } = claimsSchemaLimits
    if (!Array.isArray(value) || value.length === 0 || value.length > anyOf)
      return issue(path, `must be a list of 1 to ${anyOf} schemas`)
    if (path.length > depth * 2) return issue(path, `must be nested at most ${depth} levels deep`)
    for (const [index, schema] of value.entries()) {
      const found = inSchema(schema, { path: [...path, String(index)], walk, around })
      if (found) return found
    }
    return undefined
  },
}

function typesIn(value: unknown): readonly string[] | undefined | 'invalid' {
  if (value === undefined) return undefined
  const types = Array.isArray(value) ? value : [value]
  const areValid = types.length > 0 && isListOf(types, isString) && types.every((type) => typeNames.includes(type))
  return areValid && !hasRepeats(types) ? types : 'invalid'
}

const includesType = (types: readonly string[], type: string): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'))

const isString = (value: unknown): value is string => typeof value === 'string'
const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null ||
  isString(value) ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))
const isListOf = <T>(value: unknown, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(is)
const hasRepeats = (list: readonly unknown[]) => new Set(list).size < list.length

const issue = (path: readonly string[], detail: string): ClaimsSchemaIssue => ({ path, detail })

/** Undefined if the value is too deep to be written as JSON. */
function jsonBytesOf(value: unknown): number | undefined {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
