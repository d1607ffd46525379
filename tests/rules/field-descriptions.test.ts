import { type Operation, operations } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import * as z from 'zod'

type Schema = z.core.JSONSchema.BaseSchema

/** The fields of a schema that have no description, by their path. A union's fields are those of its members. */
function undescribed(schema: Schema, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (typeof field !== 'object') return []
    const below = `${path}.${name}`
    return [...(field.description === undefined ? [below] : []), ...undescribed(field, below)]
  })
  const members = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((some) => some ?? [])
  const items = typeof schema.items === 'object' && !Array.isArray(schema.items) ? [schema.items] : []
  return [
    ...fields,
    ...[...members, ...items].flatMap((one) => (typeof one === 'object' ? undescribed(one, path) : [])),
  ]
}

// editors show them in the typed client, and the documentation of the API too
test('every field of an input and of a result has a description', () => {
  const missing = Object.values<Operation>(operations).flatMap(({ id, input, output }) => [
    ...undescribed(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }), `${id} input`),
    ...undescribed(z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' }), `${id} output`),
  ])
  expect(missing).toEqual([])
})
