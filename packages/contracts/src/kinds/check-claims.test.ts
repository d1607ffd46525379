import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findClaimsIssue } from './check-claims.js'
import { findClaimsSchemaIssue } from './check-claims-schema.js'

interface Group {
  readonly description: string
  readonly schema: unknown
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}
const file = new URL('../../../../tests/json-schema/draft2020-12.json', import.meta.url)
const suite: Readonly<Record<string, readonly Group[]>> = JSON.parse(readFileSync(file, 'utf8'))

/** Cases about something that schemas of claims don't have. Everything else must come out as the suite says. */
const otherKeyword =
  /"(\$ref|\$defs|\$dynamicRef|pattern|patternProperties|prefixItems|allOf|not|if|exclusiveMinimum|uniqueItems|contains)":/
const isOther = ({ schema }: Group) =>
  otherKeyword.test(JSON.stringify(schema)) || hasStructuredValue(schema as Record<string, unknown>)

/** `const` and `enum` have texts, numbers, booleans and null only. */
function hasStructuredValue({ const: constant, enum: values }: Record<string, unknown>): boolean {
  return [constant, ...(Array.isArray(values) ? values : [])].some(
    (value) => typeof value === 'object' && value !== null,
  )
}

/** Email addresses that are valid, but which no mail service gives out. */
const stricter = new Set([
  'a quoted string with a space in the local part is valid',
  'a quoted string with a double dot in the local part is valid',
  'a quoted string with a @ in the local part is valid',
  'an IPv4-address-literal after the @ is valid',
  'an IPv6-address-literal after the @ is valid',
])

describe('the official JSON-Schema-Test-Suite, draft 2020-12', () => {
  test.each(Object.keys(suite))('%s: every case of an allowed keyword comes out as it says', (keyword) => {
    const groups = (suite[keyword] ?? []).filter((group) => !isOther(group))
    const cases = groups.flatMap(({ description, schema, tests }) =>
      tests.map((one) => ({ ...one, schema, name: `${description}: ${one.description}` })),
    )
    expect(cases.length).toBeGreaterThan(2)
    const wrong = cases.filter(
      ({ schema, data, valid, description }) =>
        (findClaimsIssue(schema, data) === undefined) !== valid && !stricter.has(description),
    )
    expect(wrong.map(({ name }) => name)).toEqual([])
  })
})

test('checking the largest claims against the largest schema takes a few milliseconds', () => {
  const deep = (depth: number): object =>
    depth === 0 ? { type: 'string', minLength: 3, format: 'uri' } : { anyOf: [deep(depth - 1), deep(depth - 1)] }
  const root = { type: 'object', properties: { a: { type: 'array', items: deep(5) } } }
  expect(findClaimsSchemaIssue(root)).toBeUndefined()
  const claims = { a: Array.from({ length: 2000 }, () => '1') }
  const before = process.cpuUsage()
  for (let run = 0; run < 10; run++) expect(findClaimsIssue(root, claims)?.path).toEqual(['a', '0'])
  const valid = { a: Array.from({ length: 800 }, () => 'a:b') }
  for (let run = 0; run < 10; run++) expect(findClaimsIssue(root, valid)).toBeUndefined()
  const { user, system } = process.cpuUsage(before)
  // 20 runs; they take 40 ms, and a step that took quadratic time would take seconds
  expect((user + system) / 1000).toBeLessThan(2000)
})
