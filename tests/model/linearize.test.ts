import { describe, expect, test } from 'vitest'
import { isLinearizable, type Timed } from './support/linearize.js'
import { type CardCall, cardRules, type SessionCall, sessionRules } from './support/object-rules.js'

const at = <Call>(began: number, ended: number, call: Call, reply?: string): Timed<Call, string> => ({
  call,
  reply,
  began,
  ended,
})

describe('a history of a card token', () => {
  const isAllowed = (...history: Timed<CardCall, string>[]) => isLinearizable(cardRules, history)

  test('has one winner, whichever of two calls at once it is', () => {
    expect(isAllowed(at(0, 9, 'redeem', 'TOKEN_ALREADY_USED'), at(1, 8, 'redeem', 'ok'))).toBe(true)
    expect(isAllowed(at(0, 9, 'redeem', 'ok'), at(1, 8, 'redeem', 'ok'))).toBe(false)
  })

  test('can end before or after a redeem at the same time', () => {
    expect(isAllowed(at(0, 9, 'redeem', 'ok'), at(1, 8, 'end', 'ok'))).toBe(true)
    expect(isAllowed(at(0, 9, 'redeem', 'TOKEN_REVOKED'), at(1, 8, 'end', 'ok'))).toBe(true)
  })

  test('is refused if a token is redeemed or active after its cutoff was answered', () => {
    expect(isAllowed(at(0, 1, 'end', 'ok'), at(2, 3, 'redeem', 'ok'))).toBe(false)
    expect(isAllowed(at(0, 1, 'end', 'ok'), at(2, 3, 'introspect', 'active'))).toBe(false)
  })

  test('is refused if a token of a disabled account is redeemed', () => {
    expect(isAllowed(at(0, 1, 'disable', 'ok'), at(2, 3, 'redeem', 'ACCOUNT_DISABLED'))).toBe(true)
    expect(isAllowed(at(0, 1, 'disable', 'ok'), at(2, 3, 'redeem', 'TOKEN_REVOKED'))).toBe(true)
    expect(isAllowed(at(0, 1, 'disable', 'ok'), at(2, 3, 'redeem', 'ok'))).toBe(false)
    expect(isAllowed(at(0, 1, 'redeem', 'ACCOUNT_DISABLED'), at(2, 3, 'disable', 'ok'))).toBe(false)
  })

  test('allows a call without an answer to have happened or not, but not before it was sent', () => {
    const lost = at<CardCall>(2, 3, 'redeem')
    expect(isAllowed(lost, at(4, 5, 'redeem', 'ok'))).toBe(true)
    expect(isAllowed(lost, at(4, 5, 'redeem', 'TOKEN_ALREADY_USED'))).toBe(true)
    expect(isAllowed(at(0, 1, 'redeem', 'TOKEN_ALREADY_USED'), lost)).toBe(false)
  })
})

describe('a history of a session', () => {
  const isAllowed = (...history: Timed<SessionCall, string>[]) => isLinearizable(sessionRules, history)
  const refresh = (token: number): SessionCall => ({ op: 'refresh', token })

  test('gives two refreshes at once the same successor', () => {
    expect(isAllowed(at(0, 9, refresh(0), 'token 1'), at(1, 8, refresh(0), 'token 1'))).toBe(true)
    expect(isAllowed(at(0, 9, refresh(0), 'token 1'), at(1, 8, refresh(0), 'token 2'))).toBe(false)
  })

  test('ends at the reuse of an older token, and stays ended', () => {
    const begun = [
      at(0, 1, refresh(0), 'token 1'),
      at(2, 3, refresh(1), 'token 2'),
      at(4, 5, refresh(0), 'invalid_token'),
    ]
    expect(isAllowed(...begun, at(6, 7, refresh(2), 'invalid_token'))).toBe(true)
    expect(isAllowed(...begun, at(6, 7, refresh(2), 'token 3'))).toBe(false)
    expect(isAllowed(...begun, at(6, 7, { op: 'introspect session' }, 'active'))).toBe(false)
  })

  test('is refused if a session goes on after its end was answered', () => {
    expect(isAllowed(at(0, 1, { op: 'end' }, 'ok'), at(2, 3, refresh(0), 'token 1'))).toBe(false)
    expect(isAllowed(at(0, 2, { op: 'end' }, 'ok'), at(1, 3, refresh(0), 'token 1'))).toBe(true)
  })
})
