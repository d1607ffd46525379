import { isPlainObject } from '../core/is-plain-object.js'
import { isOfFormat } from './formats.js'

/** The first member of a value that a schema doesn't permit: its path, and what is wrong with it. */
export interface ClaimIssue {
  readonly path: readonly string[]
  readonly detail: string
}

type Schema = Readonly<Record<string, unknown>>

/**
 * Checks a value against a schema that `findClaimsSchemaIssue` has accepted. Only those keywords are known. The schema is
 * read, never compiled into code: that took 10 ms for a small schema and up to 0.5 s for a large one, in which a server
 * does nothing else. Each value meets each schema at most once, so the time is bounded by the product of both sizes.
 */
export function findClaimsIssue(schema: unknown, value: unknown, path: readonly string[] = []): ClaimIssue | undefined {
  if (!isPlainObject(schema)) return schema === false ? { path, detail: 'is not permitted' } : undefined
  return (
    ofType(schema, value, path) ??
    ofValue(schema, value, path) ??
    (typeof value === 'number' ? ofNumber(schema, value, path) : undefined) ??
    (typeof value === 'string' ? ofText(schema, value, path) : undefined) ??
    (Array.isArray(value) ? ofList(schema, value, path) : undefined) ??
    (isPlainObject(value) ? ofObject(schema, value, path) : undefined) ??
    ofAny(schema, value, path)
  )
}

type Find = (schema: Schema, value: unknown, path: readonly string[]) => ClaimIssue | undefined

const ofType: Find = ({ type }, value, path) => {
  if (type === undefined) return undefined
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  return types.some((name) => isOfType(name, value)) ? undefined : { path, detail: `must be ${types.join(' or ')}` }
}

function isOfType(name: unknown, value: unknown): boolean {
  if (name === 'null') return value === null
  if (name === 'array') return Array.isArray(value)
  if (name === 'object') return isPlainObject(value)
  if (name === 'integer') return Number.isInteger(value)
  return typeof value === name
}

const ofValue: Find = (schema, value, path) => {
  // undefined is no JSON value, so it stands for a keyword that is absent
  if (schema.const !== undefined && schema.const !== value)
    return { path, detail: 'must be the constant of the schema' }
  if (!Array.isArray(schema.enum) || schema.enum.includes(value)) return undefined
  return { path, detail: 'must be one of the values of the schema' }
}

function ofNumber({ minimum, maximum }: Schema, value: number, path: readonly string[]): ClaimIssue | undefined {
  if (typeof minimum === 'number' && value < minimum) return { path, detail: `must be at least ${minimum}` }
  return typeof maximum === 'number' && value > maximum ? { path, detail: `must be at most ${maximum}` } : undefined
}

function ofText(schema: Schema, value: string, path: readonly string[]): ClaimIssue | undefined {
  const { minLength, maxLength, format } = schema
  const length = minLength === undefined && maxLength === undefined ? 0 : charactersOf(value)
  if (typeof minLength === 'number' && length < minLength)
    return { path, detail: `must be at least ${minLength} characters long` }
  if (typeof maxLength === 'number' && length > maxLength)
    return { path, detail: `must be at most ${maxLength} characters long` }
  return format === undefined || isOfFormat(format, value)
    ? undefined
    : { path, detail: `must be of the format ${format}` }
}

/** Without a copy of the text. A character beyond the first plane has two units. */
function charactersOf(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function ofList(schema: Schema, value: readonly unknown[], path: readonly string[]): ClaimIssue | undefined {
  const { items, minItems, maxItems } = schema
  if (typeof minItems === 'number' && value.length < minItems)
    return { path, detail: `must have at least ${minItems} items` }
  if (typeof maxItems === 'number' && value.length > maxItems)
    return { path, detail: `must have at most ${maxItems} items` }
  if (items === undefined) return undefined
  for (const [index, item] of value.entries()) {
    const found = findClaimsIssue(items, item, [...path, String(index)])
    if (found) return found
  }
  return undefined
}

function ofObject(schema: Schema, value: Schema, path: readonly string[]): ClaimIssue | undefined {
  const { required, additionalProperties } = schema
  const properties = isPlainObject(schema.properties) ? schema.properties : {}
  const missing = Array.isArray(required) ? required.find((name) => !Object.hasOwn(value, name)) : undefined
  if (missing !== undefined) return { path: [...path, missing], detail: 'is required' }
  for (const [name, member] of Object.entries(value)) {
    // own properties only: no claim is known by the name of a method that every object has
    const inner = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    const found = inner === undefined ? undefined : findClaimsIssue(inner, member, [...path, name])
    if (found) return found
  }
  return undefined
}

const ofAny: Find = ({ anyOf }, value, path) => {
  if (!Array.isArray(anyOf)) return undefined
  return anyOf.some((schema) => findClaimsIssue(schema, value, path) === undefined)
    ? undefined
    : { path, detail: 'must match one of the schemas in anyOf' }
}
