// Compiled, not run: a handler of administration can't read first and write what follows from it.
import type { Operations } from '@hallpass/contracts'
import { expectTypeOf } from 'vitest'
import type { DecidingContextOf, DecidingStore } from '../../packages/server/src/execute/contexts.js'

type AdminMutation = {
  [Id in keyof Operations]: Operations[Id] extends { kind: 'mutation'; id: `admin.${string}` } ? Id : never
}[keyof Operations]

// every operation that changes something decides with this store
expectTypeOf<DecidingContextOf<Operations[AdminMutation]>['store']>().toEqualTypeOf<DecidingStore>()
expectTypeOf<DecidingStore>().not.toHaveProperty('findApiKey')
expectTypeOf<DecidingStore>().not.toHaveProperty('listApiKeys')
expectTypeOf<DecidingStore>().not.toHaveProperty('hasProductionAccount')
expectTypeOf<DecidingStore>().not.toHaveProperty('transaction')
expectTypeOf<DecidingStore>().toHaveProperty('lockApiKey')
