import { type Operation, operations } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { filesUnder, readText } from './support/repository.js'

type Schema = z.core.JSONSchema.BaseSchema

const source = ['.ts', '.tsx']
  .flatMap((ending) => filesUnder('apps/console/src', ending))
  .filter((path) => !path.endsWith('.test.ts'))
  .map(readText)
  .join('\n')
  // what a comment names isn't sent
  .replace(/^\s*(\/\/|\/?\*).*$/gm, '')

/** What the console doesn't send, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  'admin.accounts.update environment': 'never changes',
  'admin.accounts.update parent_id': 'never changes',
}

const changing = Object.values<Operation>(operations).filter(
  ({ id, methods }) => id.startsWith('admin.') && methods[0] !== 'GET',
)

/** The names of all fields of a schema. Public keys are pasted whole. */
function fieldsOf(schema: Schema): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && name !== 'jwks' ? [name, ...fieldsOf(field)] : [name],
  )
  const members = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((some) => some ?? [])
  const items = typeof schema.items === 'object' && !Array.isArray(schema.items) ? [schema.items] : []
  return [...own, ...[...members, ...items].flatMap((one) => (typeof one === 'object' ? fieldsOf(one) : []))]
}

/** The operation if the console doesn't call it, or the fields that it doesn't send. */
function missingOf({ id, input }: Operation): string[] {
  if (!source.includes(`.${id}(`)) return [id]
  return fieldsOf(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }))
    .filter((field) => !new RegExp(`\\b${field}\\b`).test(source))
    .map((field) => `${id} ${field}`)
}

test('the console can do what an operation of administration can', () => {
  expect(changing.length).toBeGreaterThan(10)
  const missing = changing.flatMap(missingOf).filter((one) => !(one in exceptions))
  expect(missing).toEqual([])
})
