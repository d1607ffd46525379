import { isPlainObject } from '../core/is-plain-object.js'
import type { KindDeclaration } from './declaration.js'

/** The parts of a declaration that a JWT is checked against. */
export type VerifiedDeclaration = Pick<
  KindDeclaration,
  'name' | 'form' | 'audience' | 'typ' | 'ttl_seconds' | 'actions' | 'resource' | 'claims'
>

/**
 * Reads what a verifier needs of a declaration, with its defaults. Throws a TypeError if it is not one. It doesn't check
 * everything that declaring the kind does, because that takes many times the code.
 */
export function readVerifiedDeclaration(value: unknown): VerifiedDeclaration {
  const given = isPlainObject(value) ? value : {}
  const { name, form, audience, typ, ttl_seconds: ttl, actions = [], resource = 'none', claims = null } = given
  const max = isPlainObject(ttl) ? ttl.max : undefined
  if (typeof name !== 'string') throw invalid('name')
  if (form !== 'jwt' && form !== 'opaque') throw invalid('form')
  if (audience !== undefined && typeof audience !== 'string') throw invalid('audience')
  if (typ !== undefined && typeof typ !== 'string') throw invalid('typ')
  if (typeof max !== 'number') throw invalid('ttl_seconds.max')
  if (!Array.isArray(actions) || !actions.every((action) => typeof action === 'string')) throw invalid('actions')
  if (resource !== 'none' && resource !== 'optional' && resource !== 'required') throw invalid('resource')
  if (claims !== null && !(isPlainObject(claims) && hasKnownKeywords(claims))) throw invalid('claims')
  return { name, form, audience, typ, ttl_seconds: { default: max, max }, actions, resource, claims }
}

/** The keywords that are checked. Another one would be ignored, and claims accepted that it forbids. */
const keywords: ReadonlySet<string> = new Set(
  '$schema title description type properties required additionalProperties items enum const minimum maximum minLength maxLength minItems maxItems format anyOf'.split(
    ' ',
  ),
)

function hasKnownKeywords(schema: unknown): boolean {
  if (!isPlainObject(schema)) return schema === undefined || typeof schema === 'boolean'
  const { properties, items, additionalProperties, anyOf } = schema
  const inner = [...valuesOf(properties), ...valuesOf(anyOf), items, additionalProperties]
  return Object.keys(schema).every((keyword) => keywords.has(keyword)) && inner.every(hasKnownKeywords)
}

const valuesOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

const invalid = (field: string) => new TypeError(`The declaration is not valid: ${field}.`)
