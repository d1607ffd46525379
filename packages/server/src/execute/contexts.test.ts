import type { Operations } from '@hallpass/contracts'
import { expectTypeOf, test } from 'vitest'
import type { DecidingContextOf, DecidingStore } from './contexts.js'

type AdminMutation = {
  [Id in keyof Operations]: Operations[Id] extends { kind: 'mutation'; id: `admin.${string}` } ? Id : never
}[keyof Operations]

// a type that is not as it says here is an error of `npm run types`
test('a change by administration decides with a store that locks and writes, and does not read', () => {
  expectTypeOf<DecidingContextOf<Operations[AdminMutation]>['store']>().toEqualTypeOf<DecidingStore>()
  expectTypeOf<DecidingStore>().not.toHaveProperty('findApiKey')
  expectTypeOf<DecidingStore>().not.toHaveProperty('listApiKeys')
  expectTypeOf<DecidingStore>().not.toHaveProperty('hasProductionAccount')
  expectTypeOf<DecidingStore>().not.toHaveProperty('transaction')
  expectTypeOf<DecidingStore>().toHaveProperty('lockApiKey')
})
