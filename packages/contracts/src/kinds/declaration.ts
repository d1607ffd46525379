import * as z from 'zod'
import { isPlainObject } from '../core/is-plain-object.js'
import { OwnAudience } from '../own-audience.js'
import { atMost, text } from '../scalars.js'
import { builtInKindNames } from './built-in-kinds.js'
import { findClaimsIssue } from './check-claims.js'
import { findClaimsSchemaIssue } from './check-claims-schema.js'

/** The longest lifetime of a declared kind. Signing keys and revocations are kept for so long, because a JWT can live so long. */
export const longestJwtSeconds = 86_400

/** How many kinds an account can declare. */
export const maxKinds = 1000

/**
 * Names of the built-in kinds, of other kinds of tokens that Hallpass knows, and of JWT types that are registered for
 * another use: `at` would make `at+jwt`.
 */
const reservedNames: ReadonlySet<string> = new Set([
  ...builtInKindNames,
  'session',
  'declared',
  'revocations',
  'at',
  'dpop',
  'logout',
  'secevent',
  'statuslist',
  'token-introspection',
  'oauth-authz-req',
])

/** What the name of a declared kind looks like. */
export const kindNamePattern = /^[a-z][a-z0-9-]{1,39}$/

/** The name of a declared kind. */
export const KindName = z
  .string('must be a string')
  .regex(kindNamePattern, 'must be 2 to 40 lower-case letters, digits and hyphens, and begin with a letter')
  .refine((name) => !reservedNames.has(name), 'is the name of a built-in kind or type of token; choose another one')

const ttl = z
  .int('must be a whole number')
  .min(10, 'must be at least 10')
  .max(longestJwtSeconds, 'must be at most 86400')

const Ttl = z
  .strictObject({
    default: ttl.describe('The lifetime of a token whose mint names none, in seconds'),
    max: ttl.describe('The longest lifetime that a mint can ask for, in seconds'),
  })
  .refine((value) => value.default <= value.max, { path: ['max'], message: 'must be at least the default' })

const action = z
  .string('must be a string')
  .regex(/^[a-z][a-z0-9_.:-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9, _ . : and -, and begin with a letter')

const unique = (list: readonly string[]) => new Set(list).size === list.length

/** A JSON Schema (2020-12) with a closed list of keywords. */
const ClaimsSchema = z
  .custom<Readonly<Record<string, unknown>>>(isPlainObject, 'must be an object')
  .superRefine((schema, ctx) => {
    const found = findClaimsSchemaIssue(schema)
    if (found) ctx.addIssue({ code: 'custom', path: [...found.path], message: found.detail })
  })
  .meta({ type: 'object', additionalProperties: true })

/** Who can mint, in the order in which a declaration is stored. */
const minters = ['secret_key', 'client_key'] as const
const mintedBy = 'Who can mint: a backend with a secret key, a page with a client key, or both'

/** The fields of a declaration besides its name. */
const fields = {
  title: text(200).default('').describe('For people; has no effect'),
  form: z
    .enum(['jwt', 'opaque'])
    .describe(
      'jwt is self-contained and can be verified offline; opaque is always redeemed or introspected. Never changes',
    ),
  ttl_seconds: Ttl.describe('How long a token lives: from 10 seconds to 24 hours'),
  uses: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1000, 'must be at most 1000')
    .nullable()
    .default(null)
    .describe('How often a token can be redeemed; null is any number of times until it expires'),
  start_within_seconds: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(longestJwtSeconds, 'must be at most 86400')
    .nullable()
    .default(null)
    .describe('How soon after the mint the first redeem must come; null is no such limit'),
  actions: atMost(20, z.array(action))
    .refine(unique, 'must not repeat an action')
    .default([])
    .describe('What a token can permit. A mint names some of them; by default, all'),
  resource: z.enum(['none', 'optional', 'required']).default('none').describe('Whether a token names what it is for'),
  claims: ClaimsSchema.nullable()
    .default(null)
    .describe('A JSON Schema (2020-12, some keywords) of the claims that a mint can add; null permits none'),
  audience: OwnAudience.optional().describe(
    'The claim aud; by default, the name. No other kind or account of the server can use it. Never changes',
  ),
  typ: z
    .string('must be a string')
    .optional()
    .describe(
      'The header typ: the name followed by +jwt by default, or JWT or at+jwt, which need an audience. Never changes',
    ),
  minted_by: z
    .array(z.enum(minters))
    .min(1, 'must name at least one')
    .refine(unique, 'must not repeat a caller')
    .default(['secret_key'])
    .describe(mintedBy),
}

const Declaration = z.strictObject({
  name: KindName.describe('The name, unique in the account. Never changes'),
  ...fields,
})
type Declared = z.output<typeof Declaration>

/** The rules between fields. */
function checkTogether(kind: Declared, ctx: z.RefinementCtx): void {
  const refuse = (path: keyof Declared, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
  const { name, form, audience, typ, uses, start_within_seconds: start, ttl_seconds } = kind
  if (typ !== undefined && ![`${name}+jwt`, 'JWT', 'at+jwt'].includes(typ))
    refuse('typ', 'must be JWT, at+jwt, or the name followed by +jwt')
  if ((typ === 'JWT' || typ === 'at+jwt') && (audience ?? name) === name)
    refuse('typ', 'must not be JWT or at+jwt without an audience of the kind’s own')
  if (form === 'opaque' && typ !== undefined) refuse('typ', 'is for the form jwt only')
  if (form === 'jwt' && uses === null && start !== null)
    refuse('start_within_seconds', 'needs uses, or the form opaque, because nothing else records the first use')
  if (start !== null && start > ttl_seconds.max)
    refuse('start_within_seconds', 'must not be longer than the longest lifetime')
  if (kind.minted_by.includes('client_key')) checkForPages(kind, refuse)
}

/** Anyone can call what a page calls, so what a page sends about its visitor can't be trusted. */
function checkForPages({ resource, claims }: Declared, refuse: (path: keyof Declared, message: string) => void): void {
  if (resource === 'required') refuse('resource', 'must not be required, because a page can’t name one')
  if (claims !== null && findClaimsIssue(claims, {}))
    refuse('claims', 'must not be required, because a page can’t add any')
}

/** What an account declares about a kind of token of its own. */
export const KindDeclaration = Declaration.superRefine(checkTogether)
export type KindDeclaration = z.infer<typeof KindDeclaration>

/** A declaration in a fixture. */
export const FixtureKind = Declaration.extend({
  disabled: z.boolean().optional().describe('Whether it was disabled, for good'),
}).superRefine(checkTogether)

/** What changes a declaration, or makes it. */
export const KindPutInput = Declaration.extend({
  revision: z
    .int('must be a whole number')
    .min(1)
    .optional()
    .describe('Change it only if this is its current revision'),
  disabled: z.literal(false).optional().describe('Accepted, so you can send a record back'),
}).superRefine(checkTogether)

/** A declaration as it is stored. */
export const AdminKind = z.object({
  name: z.string().describe('The name, unique in the account'),
  title: fields.title.unwrap().describe('For people; has no effect'),
  form: fields.form,
  ttl_seconds: z
    .object({
      default: z.int().describe('The lifetime of a token whose mint names none, in seconds'),
      max: z.int().describe('The longest lifetime that a mint can ask for, in seconds'),
    })
    .describe('How long a token lives'),
  uses: z.int().nullable().describe('How often a token can be redeemed; null is any number of times'),
  start_within_seconds: z.int().nullable().describe('How soon after the mint the first redeem must come'),
  actions: z.array(z.string()).describe('What a token can permit'),
  resource: z.enum(['none', 'optional', 'required']).describe('Whether a token names what it is for'),
  claims: z.looseObject({}).nullable().describe('The JSON Schema of the claims that a mint can add'),
  audience: z.string().describe('The claim aud'),
  typ: z.string().optional().describe('The header typ; absent for the form opaque'),
  minted_by: fields.minted_by.unwrap().describe(mintedBy),
  revision: z.int().describe('Counts the changes of the declaration. Tokens name it'),
  disabled: z.boolean().describe('A disabled kind mints nothing, and its tokens have ended'),
})
export type AdminKind = z.infer<typeof AdminKind>

/** The declaration without values that are the default anyway. Two declarations that mean the same are equal. */
export function toDeclaration(input: KindDeclaration): KindDeclaration {
  const { name, audience, typ } = input
  const { title, form, ttl_seconds, uses, start_within_seconds, actions, resource, claims, minted_by } = input
  return {
    ...{ name, title, form, ttl_seconds, uses, start_within_seconds, actions, resource, claims },
    minted_by: minters.filter((minter) => minted_by.includes(minter)),
    ...(audience === undefined || audience === name ? {} : { audience }),
    ...(typ === undefined || typ === `${name}+jwt` ? {} : { typ }),
  }
}
