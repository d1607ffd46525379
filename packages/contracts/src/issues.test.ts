import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { BridgeInitializeInput } from './bridge.js'
import { Fixture } from './fixture.js'
import { Issues, parseWith } from './issues.js'
import { operations } from './operations.js'
import { GuestInput, UserTokenInput } from './visitor-schemas.js'

const issuesOf = (schema: z.ZodType, value: unknown) => {
  const result = parseWith(schema, value)
  return result instanceof Issues ? result.list : undefined
}
const customer_id = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'

describe('parseWith', () => {
  test.each([
    [z.int().min(60), 5, 'must be at least 60'],
    [z.int().max(60), 61, 'must be at most 60'],
    [z.string().max(3), 'long', 'must be at most 3 characters long'],
    [z.array(z.int()).min(1), [], 'must have at least 1 item'],
    [z.iso.datetime(), 'soon', 'must be a time such as 2026-11-29T07:04:47Z'],
    [z.url(), 'shop', 'must be a URL such as https://shop.example'],
    [z.url('must be short'), 'shop', 'must be short'],
  ])('%# says in our words what a schema without a message requires', (schema, value, detail) => {
    expect(issuesOf(schema, value)).toEqual([{ detail }])
  })

  test('no operation answers with a message of zod', () => {
    const inputs = { expires_in: 5, observe_until: 'soon', overlap_seconds: 1e9, timestamp: 0, limit: 1e6, hours: 1e6 }
    const details = Object.values(operations).flatMap(({ input }) => issuesOf(input, inputs) ?? [])
    expect(details.length).toBeGreaterThan(50)
    expect(details.filter(({ detail }) => /^(Too|Invalid)/.test(detail))).toEqual([])
  })

  test('returns the parsed value, including defaults', () => {
    expect(parseWith(BridgeInitializeInput, { customer_id })).toEqual({
      customer_id,
      config: { processing_method: 'inline' },
    })
  })

  test.each([
    ['a required field', {}, [{ reference: 'customer_id', detail: 'is required' }]],
    ['a wrong type', { customer_id: 7 }, [{ reference: 'customer_id', detail: 'must be a UUID' }]],
    ['a wrong format', { customer_id: 'no' }, [{ reference: 'customer_id', detail: 'must be a UUID' }]],
    [
      'a value outside an enum, by its dotted path',
      { customer_id, config: { processing_method: 'fast' } },
      [{ reference: 'config.processing_method', detail: 'must be one of inline, background, skip' }],
    ],
    ['a nested type', { customer_id, config: 'x' }, [{ reference: 'config', detail: 'must be an object' }]],
    ['a body that is null', null, [{ detail: 'must be an object' }]],
    ['a body that is an array', [], [{ detail: 'must be an object' }]],
    ['no body', undefined, [{ detail: 'is required' }]],
    ['an unknown field', { customer_id, custmer: 1 }, [{ reference: 'custmer', detail: 'is not a known field' }]],
    [
      'unknown fields, one issue each, nested ones by their path',
      { customer_id, config: { a: 1, b: 2 } },
      [
        { reference: 'config.a', detail: 'is not a known field' },
        { reference: 'config.b', detail: 'is not a known field' },
      ],
    ],
    [
      'fields named like members of Object.prototype',
      JSON.parse(`{"customer_id":"${customer_id}","__proto__":1,"constructor":2}`),
      [
        { reference: '__proto__', detail: 'is not a known field' },
        { reference: 'constructor', detail: 'is not a known field' },
      ],
    ],
    [
      'every problem of the input',
      { customer_id: '', external_id: 5 },
      [
        { reference: 'customer_id', detail: 'must be a UUID' },
        { reference: 'external_id', detail: 'must be a string' },
      ],
    ],
  ])('reports %s', (_, value, expected) => {
    expect(issuesOf(BridgeInitializeInput, value)).toEqual(expected)
  })

  test.each([
    [z.int(), 1.5, 'must be a whole number'],
    [z.number(), '1', 'must be a number'],
    [z.boolean(), 'true', 'must be a boolean'],
    [z.array(z.string()), 'x', 'must be an array'],
    [z.union([z.string(), z.number()]), true, 'does not match any of the allowed shapes'],
    [z.literal(true), false, 'must be one of true'],
  ])('%#: message for %j', (schema, value, detail) => {
    expect(issuesOf(schema, value)).toEqual([{ detail }])
  })

  test('the path of a list item contains its index', () => {
    const account = { id: customer_id, tenant: '2_3', environment: 'sandbox' }
    expect(issuesOf(Fixture, { accounts: [account, { ...account, id: 'x' }] })).toEqual([
      { reference: 'accounts.1.id', detail: 'must be a UUID' },
    ])
  })

  test('stops at 20 issues', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i]))
    expect(issuesOf(GuestInput, { client_key: 'pk', ...many })).toHaveLength(20)
  })
})

describe('a field name in a message', () => {
  const nameOf = (name: string) => issuesOf(z.strictObject({}), { [name]: 1 })?.[0]?.reference

  test.each([
    ['a\r\nX-Injected: 1', 'a??X-Injected: 1'],
    ['a\u0000b\u001b[31m', 'a?b?[31m'],
    ['a\u2028b\u2029c', 'a?b?c'],
    ['\u202eevil\u200b', '?evil?'],
    ['a\ud800b', 'a\ufffdb'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), `${'x'.repeat(64)}…`],
  ])('%j becomes %j', (name, expected) => {
    expect(nameOf(name)).toBe(expected)
  })

  test('is always printable and short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (name) => {
        const shown = nameOf(name) ?? ''
        expect(shown.isWellFormed()).toBe(true)
        expect(shown.length).toBeLessThanOrEqual(65)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      }),
    )
  })
})

describe('the list of issues', () => {
  test('stays short even if thousands of fields are unknown', () => {
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${'n'.repeat(1000)}${i}`, i]))
    const issues = issuesOf(BridgeInitializeInput, { customer_id, ...fields, config: fields }) ?? []
    expect(issues).toHaveLength(20)
    expect(JSON.stringify(issues).length).toBeLessThan(4096)
  })

  test.each([
    ['origin_allowlist', operations['admin.clientKeys.update'].input],
    ['supported_locales', operations['admin.clientKeys.update'].input],
    ['scopes', operations['admin.apiKeys.create'].input],
  ])('reports %s once if it is too long', (field, input) => {
    const issues = issuesOf(input, { client_key_id: 'ck_1', [field]: Array(15_000).fill(1) }) ?? []
    expect(issues.filter(({ reference }) => reference?.startsWith(field))).toEqual([
      { reference: field, detail: expect.stringMatching(/^must have at most \d+ items$/) },
    ])
  })
})

describe('values are never quoted, because they may be secrets', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/).map((text) => `sk_live_${text}`)

  test.each(Object.values(operations).map((operation) => [operation.id, operation.input] as const))(
    '%s',
    (_, input) => {
      const fields = Object.keys(
        (z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }).properties ?? {}) satisfies object,
      )
      fc.assert(
        fc.property(secret, fc.constantFrom(...fields, 'unknown'), (value, field) => {
          for (const wrong of [`${value}\u0000`, { [field]: value }, [value], value.repeat(60)]) {
            const issues = issuesOf(input, { [field]: wrong }) ?? []
            expect(JSON.stringify(issues)).not.toContain(value)
          }
        }),
        { numRuns: 20 },
      )
    },
  )

  test('not even if a refinement writes the message', () => {
    const differing = { client_key: 'pk', user_id: 'sk_live_one', external_user_id: 'sk_live_two' }
    expect(issuesOf(UserTokenInput, differing)).toEqual([
      { reference: 'external_user_id', detail: 'must equal user_id if both are given' },
    ])
  })
})
