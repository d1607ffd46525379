import { expect, test } from 'vitest'
import { scopes } from './enums.js'
import { holdsScope } from './holds-scope.js'

test('a key holds its own scopes; `*` includes all but host, and admin includes admin:read', () => {
  const implied = scopes.map((held) => [held, scopes.filter((scope) => holdsScope([held], scope))])
  expect(Object.fromEntries(implied)).toEqual({
    ...Object.fromEntries(scopes.map((scope) => [scope, [scope]])),
    '*': scopes.filter((scope) => scope !== 'host'),
    admin: ['admin:read', 'admin'],
  })
})
