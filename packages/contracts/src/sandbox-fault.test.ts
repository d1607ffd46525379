import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operation } from './operation.js'
import { operations } from './operations.js'
import { parseSandboxFault, type SandboxFault, sandboxFaultsOf } from './sandbox-fault.js'

const faults: fc.Arbitrary<SandboxFault> = fc.oneof(
  fc.constantFrom('already_used', 'revoked', 'rate_limited', 'unavailable').map((kind) => ({ kind }) as SandboxFault),
  fc.integer({ min: 1, max: 14_400 }).map((seconds) => ({ kind: 'expire_in', seconds }) as const),
  fc.integer({ min: 1, max: 10_000 }).map((milliseconds) => ({ kind: 'slow', milliseconds }) as const),
)

const write = (fault: SandboxFault) => {
  if (fault.kind === 'expire_in') return `expire_in=${fault.seconds}`
  return fault.kind === 'slow' ? `slow=${fault.milliseconds}` : fault.kind
}

describe('parseSandboxFault', () => {
  test('parses every fault', () => {
    fc.assert(
      fc.property(faults, (fault) => {
        expect(parseSandboxFault(write(fault))).toEqual(fault)
      }),
    )
  })

  test('accepts only one notation of each fault', () => {
    const almost = fc.tuple(faults.map(write), fc.string({ maxLength: 2 })).map(([text, more]) => text + more)
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        const fault = parseSandboxFault(text)
        if (fault) expect(write(fault)).toBe(text)
      }),
    )
  })

  test.each(['', 'expire_in', 'expire_in=0', 'expire_in=14401', 'expire_in=05', 'expire_in=-1', 'expire_in=1.5'])(
    'rejects %j',
    (text) => expect(parseSandboxFault(text)).toBeUndefined(),
  )

  test.each(['slow=0', 'slow=10001', 'slow=1e3', 'slow= 5', 'SLOW=5', 'already_used=1', 'revoked,slow=5', '__proto__'])(
    'rejects %j',
    (text) => expect(parseSandboxFault(text)).toBeUndefined(),
  )
})

test('minting operations support expire_in; spending ones support already_used and revoked', () => {
  const supporting = (kind: string) =>
    Object.values<Operation>(operations)
      .filter((operation) => sandboxFaultsOf(operation).some((known) => known === kind))
      .map(({ id }) => id)
  expect(supporting('expire_in')).toEqual([
    'bridge.initialize',
    'visitor.guest',
    'visitor.userToken',
    'visitor.exchange',
    'visitor.tokenExchange',
    'visitor.refresh',
    'visitor.embedTicket',
    'card.widgetToken',
    'kinds.mint',
    'kinds.pageToken',
  ])
  expect(supporting('already_used')).toEqual(['visitor.exchange', 'visitor.refresh', 'tokens.redeem', 'kinds.redeem'])
  expect(supporting('revoked')).toEqual(['visitor.exchange', 'visitor.refresh', 'tokens.redeem', 'kinds.redeem'])
  expect(supporting('slow')).toHaveLength(Object.keys(operations).length)
})
