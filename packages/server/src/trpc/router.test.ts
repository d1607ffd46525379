import { operations } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import { appRouter } from './router.js'

test('has a procedure for every operation, at the path of its id and of its kind', () => {
  // flat at run time, whatever its type says
  const flat = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>
  const procedures = Object.entries(flat).map(([path, { _def }]) => [path, _def.type])
  const expected = Object.values(operations).map(({ id, kind }) => [id, kind])
  expect(Object.fromEntries(procedures)).toEqual(Object.fromEntries(expected))
})
