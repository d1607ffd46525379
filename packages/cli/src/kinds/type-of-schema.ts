import { isPlainObject } from '@hallpass/contracts/core'

type Schema = Readonly<Record<string, unknown>>

/**
 * The TypeScript type of a schema for claims. It permits at least what the schema does: limits such as `maximum` have no
 * type. `indent` is that of the line where the type begins.
 */
export function typeOfSchema(schema: unknown, indent: string): string {
  if (!isPlainObject(schema)) return 'unknown'
  if (Array.isArray(schema.anyOf))
    return union(schema.anyOf.map((member) => typeOfSchema(merge(schema, member), indent)))
  if (schema.const !== undefined) return literal(schema.const)
  if (Array.isArray(schema.enum)) return union(schema.enum.map(literal))
  if (schema.type === undefined) return 'unknown'
  return union([schema.type].flat().map((type) => typeNamed(type, schema, indent)))
}

/** What a member of `anyOf` permits together with the schema around it. */
function merge({ anyOf, ...around }: Schema, member: unknown): Schema {
  if (!isPlainObject(member)) return around
  const properties = { ...membersOf(around.properties), ...membersOf(member.properties) }
  const required = [...namesIn(around.required), ...namesIn(member.required)]
  return { ...around, ...member, ...(Object.keys(properties).length > 0 ? { properties } : {}), required }
}

function typeNamed(type: unknown, schema: Schema, indent: string): string {
  if (type === 'object') return objectType(schema, indent)
  if (type === 'array') return `readonly ${wrapped(typeOfSchema(schema.items, indent))}[]`
  return type === 'integer' ? 'number' : String(type)
}

function objectType({ properties, required, additionalProperties }: Schema, indent: string): string {
  const members = Object.entries(membersOf(properties))
  const isRequired = new Set(namesIn(required))
  const inner = `${indent}  `
  const lines = members.flatMap(([name, schema]) => [
    ...commentOf(schema, inner),
    `${inner}readonly ${propertyName(name)}${isRequired.has(name) ? '' : '?'}: ${typeOfSchema(schema, inner)}`,
  ])
  if (additionalProperties !== false) {
    // TypeScript has no type for all members but those that are named
    const others = members.length === 0 ? typeOfSchema(additionalProperties, inner) : 'unknown'
    lines.push(`${inner}readonly [name: string]: ${others}`)
  }
  return lines.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${lines.join('\n')}\n${indent}}`
}

function commentOf(schema: unknown, indent: string): string[] {
  const { title, description = title } = isPlainObject(schema) ? schema : {}
  return typeof description === 'string' ? [`${indent}/** ${inComment(description)} */`] : []
}

const membersOf = (value: unknown): Schema => (isPlainObject(value) ? value : {})
const namesIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [])
const union = (types: readonly string[]) => [...new Set(types)].join(' | ')
const wrapped = (type: string) => (/^[\w<>, ]+$/.test(type) && !type.startsWith('readonly ') ? type : `(${type})`)
const propertyName = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name))

/** A text, number, boolean or null as a type. */
function literal(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A text in one line that can't end the comment around it. */
export const inComment = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('*/', '*\\/').trim()
