import { type Operation, operations } from '@hallpass/contracts'
import * as z from 'zod'

/**
 * What the contracts say about the fields of inputs and results, as types. They say nothing about the values: `unknown` in
 * an intersection leaves the contracts' own type as it is, and an optional field leaves a required one required.
 */
const fieldsPage = (name: string, words: string, io: 'input' | 'output') =>
  [
    '// Made by `npm run generate`. Change the contracts, not this file.',
    '// biome-ignore-all lint/style/noExcessiveLinesPerFile: one line for each field',
    '',
    `/** What the fields of the ${words} mean. */`,
    `export interface ${name} {`,
    ...Object.values<Operation>(operations).flatMap((operation) => fieldsOf(operation.id, operation[io], io)),
    '}',
    '',
  ].join('\n')

export const inputFields = () => fieldsPage('InputFields', 'inputs', 'input')
export const outputFields = () => fieldsPage('OutputFields', 'results', 'output')

function fieldsOf(id: string, schema: z.ZodType, io: 'input' | 'output'): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  const described = Object.entries(properties).flatMap(([name, field]) =>
    typeof field === 'object' && field.description !== undefined ? [[name, field.description] as const] : [],
  )
  const name = id.includes('.') ? `'${id}'` : id
  if (described.length === 0) return [`  readonly ${name}: unknown`]
  return [
    `  readonly ${name}: {`,
    ...described.flatMap(([field, text]) => [`    /** ${text.replaceAll('*/', '*\\/')} */`, `    ${field}?: unknown`]),
    '  }',
  ]
}
