import { describe, expect, test } from 'vitest'
import { Issues, parseWith } from '../issues.js'
import { KindDeclaration, toDeclaration } from './declaration.js'

const minimal = { name: 'report-viewer', form: 'jwt', ttl_seconds: { default: 600, max: 3600 } }
const issuesOf = (declaration: unknown) => {
  const parsed = parseWith(KindDeclaration, declaration)
  return parsed instanceof Issues ? parsed.list : []
}

test('a declaration needs a name, a form and a lifetime', () => {
  expect(KindDeclaration.parse(minimal)).toEqual({
    ...minimal,
    title: '',
    uses: null,
    start_within_seconds: null,
    actions: [],
    resource: 'none',
    claims: null,
    minted_by: ['secret_key'],
  })
  expect(issuesOf({}).map(({ reference }) => reference)).toEqual(['name', 'form', 'ttl_seconds'])
})

test('values that are the default anyway make no difference', () => {
  const parsed = KindDeclaration.parse({ ...minimal, audience: 'report-viewer', typ: 'report-viewer+jwt' })
  expect(toDeclaration(parsed)).toEqual(toDeclaration(KindDeclaration.parse(minimal)))
})

const claims = (schema: unknown) => ({ claims: schema })
const deep = (depth: number): object => ({ type: 'object', properties: depth === 0 ? {} : { a: deep(depth - 1) } })
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, { type: 'null' }]))

describe('a declaration is refused', () => {
  test.each<[string, object, string]>([
    ['name', { name: 'Report' }, 'must be 2 to 40 lower-case letters'],
    ['name', { name: 'a' }, 'must be 2 to 40'],
    ['name', { name: 'x'.repeat(41) }, 'must be 2 to 40'],
    ['name', { name: 'widget-session' }, 'is the name of a built-in kind'],
    // its type would be at+jwt
    ['name', { name: 'at' }, 'is the name of a built-in kind'],
    ['form', { form: 'jws' }, 'must be one of jwt, opaque'],
    ['ttl_seconds.default', { ttl_seconds: { default: 9, max: 60 } }, 'must be at least 10'],
    ['ttl_seconds.max', { form: 'opaque', ttl_seconds: { default: 10, max: 86_401 } }, 'must be at most 86400'],
    ['ttl_seconds.max', { ttl_seconds: { default: 60, max: 30 } }, 'must be at least the default'],
    ['uses', { uses: 0 }, 'must be at least 1'],
    ['uses', { uses: 1001 }, 'must be at most 1000'],
    ['uses', { uses: 1.5 }, 'must be a whole number'],
    ['start_within_seconds', { start_within_seconds: 30 }, 'needs uses, or the form opaque'],
    ['start_within_seconds', { start_within_seconds: 3601, uses: 1 }, 'must not be longer'],
    ['actions', { actions: ['view', 'view'] }, 'must not repeat an action'],
    ['actions.0', { actions: ['View'] }, 'must be 1 to 40 of'],
    ['resource', { resource: 'yes' }, 'must be one of none, optional, required'],
    ['audience', { audience: 'bridge' }, 'not the audience of a built-in kind'],
    ['audience', { audience: 'a b' }, 'without spaces'],
    ['typ', { typ: 'visitor+jwt' }, 'must be JWT, at+jwt, or the name'],
    ['typ', { typ: 'JWT' }, 'must not be JWT or at+jwt without an audience'],
    ['typ', { typ: 'at+jwt', audience: 'report-viewer' }, 'must not be JWT or at+jwt without an audience'],
    ['typ', { form: 'opaque', typ: 'report-viewer+jwt' }, 'is for the form jwt only'],
    ['minted_by', { minted_by: [] }, 'must name at least one'],
    ['minted_by', { minted_by: ['client_key', 'client_key'] }, 'must not repeat a caller'],
    ['minted_by.0', { minted_by: ['anyone'] }, 'must be one of secret_key, client_key'],
    ['resource', { minted_by: ['client_key'], resource: 'required' }, 'must not be required'],
    [
      'claims',
      { minted_by: ['secret_key', 'client_key'], ...claims({ ...member({ type: 'string' }), required: ['a'] }) },
      'must not be required',
    ],
    ['claims', claims('x'), 'must be an object'],
    ['claims.type', claims({}), 'must be object'],
    ['claims.$ref', claims({ type: 'object', $ref: '#' }), 'is not an allowed keyword'],
    ['claims.properties.a.pattern', claims(member({ type: 'string', pattern: '(a+)+$' })), 'is not an allowed keyword'],
    ['claims.properties.a.$dynamicRef', claims(member({ $dynamicRef: '#a' })), 'is not an allowed keyword'],
    [
      'claims.properties.a.uniqueItems',
      claims(member({ type: 'array', uniqueItems: true })),
      'is not an allowed keyword',
    ],
    ['claims.properties.a.minLength', claims(member({ minLength: 1 })), 'needs the type string'],
    ['claims.properties.a.type', claims(member({ type: 'text' })), 'must be a JSON type'],
    ['claims.properties.a.format', claims(member({ type: 'string', format: 'regex' })), 'must be one of date-time'],
    ['claims.properties.a.enum', claims(member({ enum: [] })), 'must be a list of 1 to 100'],
    ['claims.properties.a.enum', claims(member({ enum: [{}] })), 'must be a list of 1 to 100'],
    ['claims.properties.a.anyOf', claims(member({ anyOf: Array(9).fill({}) })), 'must be a list of 1 to 8 schemas'],
    [
      'claims.required',
      claims({ type: 'object', required: ['a'] }),
      'must only contain names that properties describes',
    ],
    ['claims.properties', claims(JSON.parse('{"type":"object","properties":{"__proto__":{}}}')), '__proto__'],
    ['claims', claims({ type: 'object', description: 'x'.repeat(8192) }), 'must be at most 8192 bytes'],
    ['claims.properties.p99', claims({ type: 'object', properties: many(100) }), 'must contain at most 100 schemas'],
    [`claims${'.properties.a'.repeat(9)}`, claims(deep(9)), 'must be nested at most 8 levels deep'],
    ['surprise', { surprise: 1 }, 'is not a known field'],
  ])('%s: %j', (reference, change, detail) => {
    const issues = issuesOf({ ...minimal, ...change })
    expect(issues).toHaveLength(1)
    expect(issues[0]).toEqual({ reference, detail: expect.stringContaining(detail) })
  })
})

function member(schema: object) {
  return { type: 'object', properties: { a: schema } }
}
