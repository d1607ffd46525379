import {
  type BuiltInKind,
  builtInKindNames,
  builtInKinds,
  jwtKinds,
  type KindDeclaration,
  longestJwtSeconds,
  type Operation,
  operations,
  type TokenKind,
  typOf,
} from '@hallpass/contracts'
import { describe, expect, expectTypeOf, test } from 'vitest'

type DeepReadonly<T> = { readonly [K in keyof T]: DeepReadonly<T[K]> }
const all: readonly Operation[] = Object.values<Operation>(operations)

test('the built-in kinds have the shape of a declaration', () => {
  expectTypeOf(builtInKinds).toExtend<Readonly<Record<BuiltInKind, DeepReadonly<KindDeclaration>>>>()
  expectTypeOf<Exclude<TokenKind, 'declared'>>().toEqualTypeOf<BuiltInKind>()
})

describe.each(builtInKindNames)('%s', (name) => {
  const kind: DeepReadonly<KindDeclaration> = builtInKinds[name]

  test('has its name, and its type if it is a JWT', () => {
    expect(kind.name).toBe(name)
    expect(name in jwtKinds).toBe(kind.form === 'jwt')
    if (kind.form === 'jwt') expect(kind.typ).toBe(typOf({ name }))
    else expect(kind.typ).toBeUndefined()
  })

  test('is spent by an operation exactly if it is declared with a use', () => {
    const isSpent = all.some(({ spends, maySpend }) => spends === name || maySpend === name)
    expect(kind.uses).toBe(isSpent ? 1 : null)
  })

  test('is minted by the callers that it declares', () => {
    // a refresh token comes with each session
    const minting = all.filter(({ mints }) => mints === (name === 'refresh' ? 'widget-session' : name))
    const isByBackend = minting.some(({ caller }) => caller.by === 'secret_key')
    expect(kind.minted_by).toEqual([isByBackend ? 'secret_key' : 'client_key'])
  })

  test('lives no longer than signing keys and revocations are kept, if it is a JWT', () => {
    if (kind.form === 'jwt') expect(kind.ttl_seconds.max).toBeLessThanOrEqual(longestJwtSeconds)
  })
})
