import { readFileSync } from 'node:fs'
import { KindDeclaration } from '@hallpass/contracts'

/* The declared kinds of the published test vectors. */

const example = new URL('../examples/kinds/report-embed.json', import.meta.url)

/** Names each keyword that a schema of claims can have. */
const survey = {
  name: 'survey',
  form: 'jwt',
  ttl_seconds: { default: 60, max: 900 },
  resource: 'optional',
  claims: {
    type: 'object',
    title: 'An answer',
    properties: {
      at: { type: 'string', format: 'date-time' },
      id: { type: 'string', format: 'uuid' },
      mail: { type: 'string', format: 'email' },
      page: { type: 'string', format: 'uri' },
      score: { type: 'number', minimum: -1.5, maximum: 10 },
      count: { type: 'integer', minimum: 0 },
      name: { type: 'string', minLength: 2, maxLength: 4 },
      tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, minItems: 1, maxItems: 3 },
      one: { const: 1 },
      none: { const: null },
      some: { enum: [0, 'a', false] },
      flag: { type: ['boolean', 'null'] },
      either: {
        anyOf: [
          { type: 'string', maxLength: 2 },
          { type: 'integer', maximum: 5 },
        ],
      },
      more: {
        type: 'object',
        properties: { x: { type: 'number' } },
        required: ['x'],
        additionalProperties: { type: 'integer' },
      },
    },
    additionalProperties: false,
  },
}

/** Has no more than it must. */
const ping = { name: 'ping', form: 'jwt', ttl_seconds: { default: 10, max: 600 } }

/** The declarations as in their files. */
export const declarations: readonly { readonly name: string }[] = [
  JSON.parse(readFileSync(example, 'utf8')),
  survey,
  ping,
]
const parsed = declarations.map((declaration) => KindDeclaration.parse(declaration))

/** Claims that the schema of each kind permits. */
const claims = { 'report-embed': { rows: ['eu'] }, survey: {}, ping: undefined }
export type DeclaredName = keyof typeof claims

/** The declaration of a kind, with its defaults, and claims that its schema permits. */
export function declaredKind(name: DeclaredName) {
  const declaration = parsed.find((one) => one.name === name)
  if (!declaration) throw new Error(`No declaration has the name ${name}.`)
  return { ...declaration, claims: claims[name] }
}
