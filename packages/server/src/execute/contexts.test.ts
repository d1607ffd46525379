import type { Operations } from '@hallpass/contracts'
import { describe, expectTypeOf, test } from 'vitest'
import type { ContextOf, DecidingContextOf, DecidingStore } from './contexts.js'
import type { ChangeId } from './tell-change.js'

// a type that differs from what is stated here fails `npm run types`
test("an administrative change decides with a store that locks and writes but doesn't read", () => {
  expectTypeOf<DecidingContextOf<Operations[ChangeId]>['store']>().toEqualTypeOf<DecidingStore>()
  expectTypeOf<DecidingStore>().not.toHaveProperty('findApiKey')
  expectTypeOf<DecidingStore>().not.toHaveProperty('listApiKeys')
  expectTypeOf<DecidingStore>().not.toHaveProperty('hasProductionAccount')
  expectTypeOf<DecidingStore>().not.toHaveProperty('transaction')
  expectTypeOf<DecidingStore>().toHaveProperty('lockApiKey')
})

describe('a handler gets what its operation states, and no more', () => {
  type Context<Id extends keyof Operations> = ContextOf<Operations[Id]>
  type StoreWithin<Id extends keyof Operations> = Parameters<Parameters<Context<Id>['store']['transaction']>[0]>[0]

  test('it can sign only the kind that the operation mints', () => {
    expectTypeOf<Parameters<Context<'bridge.initialize'>['sign']>[0]>().toEqualTypeOf<'bridge'>()
    expectTypeOf<Parameters<Context<'visitor.exchange'>['sign']>[0]>().toEqualTypeOf<'widget-session'>()
    expectTypeOf<Context<'tokens.redeem'>>().not.toHaveProperty('sign')
    expectTypeOf<Context<'admin.apiKeys.create'>>().not.toHaveProperty('sign')
    expectTypeOf<Context<'card.widgetToken'>['store']>().toHaveProperty('insertCardToken')
    expectTypeOf<Context<'tokens.redeem'>['store']>().not.toHaveProperty('insertCardToken')
    expectTypeOf<Context<'kinds.mint'>['keyRing']>().toHaveProperty('signingKey')
    expectTypeOf<Context<'kinds.redeem'>['keyRing']>().not.toHaveProperty('signingKey')
  })

  test('it can spend only if the operation spends or revokes, also in a transaction', () => {
    expectTypeOf<Context<'tokens.redeem'>['store']>().toHaveProperty('redeemCardToken')
    expectTypeOf<Context<'visitor.guest'>['store']>().toHaveProperty('consumeOrRevokeToken')
    expectTypeOf<Context<'tokens.revoke'>['store']>().toHaveProperty('consumeOrRevokeToken')
    expectTypeOf<Context<'tokens.introspect'>['store']>().not.toHaveProperty('consumeOrRevokeToken')
    expectTypeOf<Context<'bridge.initialize'>['store']>().not.toHaveProperty('redeemCardToken')
    expectTypeOf<Context<'visitor.config'>['store']>().not.toHaveProperty('rotateSession')
    expectTypeOf<StoreWithin<'tokens.introspect'>>().not.toHaveProperty('consumeOrRevokeToken')
    expectTypeOf<DecidingStore>().not.toHaveProperty('consumeOrRevokeToken')
  })

  test('it can administer and add to the history only if the operation is audited', () => {
    expectTypeOf<DecidingStore>().toHaveProperty('patchClientKey')
    expectTypeOf<Context<'tokens.revoke'>['store']>().not.toHaveProperty('disableApiKey')
    expectTypeOf<StoreWithin<'tokens.revoke'>>().not.toHaveProperty('disableApiKey')
    expectTypeOf<Context<'tokens.revoke'>>().toHaveProperty('record')
    expectTypeOf<Context<'tokens.redeem'>>().not.toHaveProperty('record')
    expectTypeOf<Context<'admin.cards.list'>>().not.toHaveProperty('record')
  })
})
