import { expect, test } from 'vitest'
import { type Declaration, declarationOf, draftOf } from './kind-draft.js'

const declaration: Declaration = {
  name: 'report-viewer',
  title: 'A report',
  form: 'jwt',
  ttl_seconds: { default: 600, max: 3600 },
  uses: 3,
  start_within_seconds: 30,
  actions: ['view', 'export'],
  resource: 'required',
  claims: { type: 'object', properties: { rows: { type: 'integer' } } },
  audience: 'https://reports.example',
  typ: 'at+jwt',
  minted_by: ['secret_key'],
}

test('a declaration stays the same in the form', () => {
  expect(declarationOf(draftOf(declaration))).toEqual(declaration)
})

test('what the form leaves empty is left to the server', () => {
  const { name, title, form, ttl_seconds, resource, minted_by } = declaration
  const least = { name, title, form, ttl_seconds, resource, minted_by }
  const empty = { uses: null, start_within_seconds: null, actions: [], claims: null }
  expect(declarationOf(draftOf(least))).toEqual({ ...least, ...empty })
})

test('claims that are not a JSON object make no declaration', () => {
  for (const claims of ['{', '[]', 'null', '"text"'])
    expect(declarationOf({ ...draftOf(declaration), claims })).toBeUndefined()
})

test('a file with other types fills in the form, so that the server can say what is wrong', () => {
  const written = { name: 5, ttl_seconds: 600, actions: 'view', claims: 'none' }
  // read from JSON, which has any type
  expect(draftOf(written as object)).toMatchObject({ name: '5', defaultTtl: '', actions: 'view', claims: '"none"' })
})
