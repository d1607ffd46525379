import { type Operation, operations } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import { dialectOf } from './dialect.js'

test.each([
  ['/v1/bridge/initialize', 'envelope'],
  ['/v1/bridge/unknown', 'envelope'],
  ['/v1/bridge', 'envelope'],
  ['/v1/bridges', 'code'],
  ['/api/v1/widget/auth/nothing', 'text'],
  ['/api/v1/widget', 'text'],
  ['/oauth2/unknown', 'oauth'],
  ['/oauth2x', 'code'],
  ['/v1/cards/x/unknown', 'code'],
  ['/cards/x/widget_token', 'code'],
  ['/v1/admin/unknown', 'code'],
  ['/', 'code'],
  ['', 'code'],
])('an unknown path uses the dialect of its family: %s: %s', (path, dialect) => {
  expect(dialectOf(path)).toBe(dialect)
})

test.each(Object.values<Operation>(operations).map(({ id, paths, dialect }) => [id, paths, dialect] as const))(
  '%s belongs to the family of its dialect',
  (_, paths, dialect) => {
    expect(paths.map(dialectOf)).toEqual(paths.map(() => dialect))
  },
)
