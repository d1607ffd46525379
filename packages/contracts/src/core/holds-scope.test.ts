import { expect, test } from 'vitest'
import { type Scope, scopes } from './enums.js'
import { holdsScope } from './holds-scope.js'

test('a key holds its own scopes; `*` includes all but host, and admin includes admin:read', () => {
  const implied = scopes.map((held) => [held, scopes.filter((scope) => holdsScope([held], scope))])
  expect(Object.fromEntries(implied)).toEqual({
    ...Object.fromEntries(scopes.map((scope) => [scope, [scope]])),
    '*': scopes.filter((scope) => scope !== 'host'),
    admin: ['admin:read', 'admin'],
  })
})

test('the scope for all kinds includes that for one, which includes nothing else', () => {
  const [mint, redeem] = ['kind:report:mint', 'kind:report:redeem'] as const
  const holding = (scope: Scope) => [...scopes, mint, redeem].filter((held) => holdsScope([held], scope))
  expect(holding(mint)).toEqual(['*', 'kinds:mint', mint])
  expect(holding(redeem)).toEqual(['*', 'tokens:redeem', redeem])
  for (const scope of ['kinds:mint', 'tokens:redeem', 'kind:reports:mint', 'kind:reports:redeem'] as const)
    expect([holdsScope([mint], scope), holdsScope([redeem], scope)]).toEqual([false, false])
})
