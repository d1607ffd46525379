import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFailureGate } from './failure-gate.js'

const perMinute = 5
const address = '192.0.2.1'

function setUp() {
  let now = 1_795_248_000_000
  const gate = createFailureGate({ now: () => now }, perMinute)
  const checked: string[] = []
  /** Sends a credential. Its check takes a turn of the event loop, as a database query does. */
  const send = async (credential: 'right' | 'wrong', from = address) => {
    const attempt = await gate.attempt('secret_key', from, async () => {
      checked.push(from)
      await nextTurn()
      return credential === 'right' ? 'key' : undefined
    })
    return 'refused' in attempt ? 'refused' : (attempt.found ?? 'wrong')
  }
  const advance = (milliseconds: number) => {
    now += milliseconds
  }
  return { gate, send, advance, checked }
}

describe('a failure gate', () => {
  test('checks no more than its limit of wrong credentials that arrive at once', async () => {
    const { send, checked } = setUp()
    const answers = await Promise.all(Array.from({ length: 500 }, () => send('wrong')))
    expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(perMinute)
    expect(checked).toHaveLength(perMinute)
    expect(await send('right')).toBe('refused')
    expect(checked).toHaveLength(perMinute)
  })

  test('accepts every right credential, however many arrive at once', async () => {
    const { send } = setUp()
    const answers = await Promise.all(Array.from({ length: 500 }, () => send('right')))
    expect(new Set(answers)).toEqual(new Set(['key']))
  })

  test('says when to try again, and then checks one more', async () => {
    const { gate, send, advance } = setUp()
    for (let index = 0; index < perMinute; index++) {
      await send('wrong')
      advance(1_000)
    }
    const attempt = await gate.attempt('secret_key', address, async () => 'key')
    expect(attempt).toEqual({
      refused: {
        allowed: false,
        quota: { limit: perMinute, windowSeconds: 60, of: 'failures' },
        remaining: 0,
        resetSeconds: 55,
      },
    })
    advance(55_000)
    expect(await send('right')).toBe('key')
  })

  test("a check that throws doesn't count, and waiting ones proceed", async () => {
    const { gate, send } = setUp()
    const broken = () =>
      gate.attempt('secret_key', address, async () => {
        await nextTurn()
        throw new Error('the database is gone')
      })
    const results = await Promise.allSettled(Array.from({ length: 50 }, broken))
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']))
    expect(await send('right')).toBe('key')
  })

  /** A credential whose check ends when the test says so. It is wrong unless the test finds something. */
  const sendSlow = (gate: ReturnType<typeof setUp>['gate'], from = address, found?: string) => {
    let finish = () => {}
    const checked = new Promise<string | undefined>((resolve) => {
      finish = () => resolve(found)
    })
    const attempt = gate.attempt('secret_key', from, () => checked)
    const end = () => {
      finish()
      return attempt
    }
    return { finish: end }
  }

  test('counts checks that are still running when an earlier one ends', async () => {
    const { gate, send, checked } = setUp()
    const [first, ...others] = Array.from({ length: perMinute }, () => sendSlow(gate))
    await first?.finish()
    const later = Array.from({ length: 20 }, () => send('wrong'))
    await nextTurn()
    expect(checked).toEqual([])
    await Promise.all(others.map(({ finish }) => finish()))
    expect(new Set(await Promise.all(later))).toEqual(new Set(['refused']))
  })

  test('counts waiting credentials from when their check begins', async () => {
    const { gate, send, checked } = setUp()
    const right = Array.from({ length: perMinute }, () => sendSlow(gate, address, 'key'))
    const waiting = Array.from({ length: 20 }, () => send('wrong'))
    await Promise.all(right.map(({ finish }) => finish()))
    await Promise.all(waiting)
    expect(checked).toHaveLength(perMinute)
  })

  test('counts the running checks of a /56 when it refuses one of its addresses', async () => {
    const { gate, send, checked } = setUp()
    const subnets = Array.from({ length: 4 }, (_, index) => `2001:db8:1:${index + 1}::1`)
    for (let index = 0; index < perMinute; index++) await send('wrong', '2001:db8:1:0::1')
    const running = subnets.slice(0, 3).flatMap((from) => Array.from({ length: perMinute }, () => sendSlow(gate, from)))
    expect(await send('wrong', '2001:db8:1:0::1')).toBe('refused')
    const later = send('wrong', subnets[3])
    await nextTurn()
    expect(checked).toHaveLength(perMinute)
    await Promise.all(running.map(({ finish }) => finish()))
    expect(await later).toBe('refused')
  })

  test("keeps the order within a network, and doesn't hold up other networks", async () => {
    const { gate, send, checked } = setUp()
    const [first, neighbor, other] = ['2001:db8:1:1::1', '2001:db8:1:2::1', '2001:db8:2::1']
    const running = Array.from({ length: perMinute }, () => sendSlow(gate, first))
    const calls = [send('right', first), send('right', neighbor)]
    expect(await send('right', other)).toBe('key')
    expect(checked).toEqual([other])
    expect(gate.size()).toBe(1)
    await Promise.all(running.map(({ finish }) => finish()))
    expect(await Promise.all(calls)).toEqual(['refused', 'key'])
  })

  test('keeps an address in memory only while it has a running or waiting check', async () => {
    const { gate, send } = setUp()
    const running = Array.from({ length: perMinute }, () => sendSlow(gate))
    const waiting = send('right')
    expect(gate.size()).toBe(1)
    await Promise.all(running.map(({ finish }) => finish()))
    await waiting
    expect(gate.size()).toBe(0)
    expect(await send('right')).toBe('refused')
    expect(gate.size()).toBe(0)
  })

  test('secret keys and visitor tokens count separately', async () => {
    const { gate, send } = setUp()
    for (let index = 0; index < perMinute; index++) await send('wrong')
    expect(await send('right')).toBe('refused')
    expect(await gate.attempt('visitor_token', address, async () => 'claims')).toEqual({ found: 'claims' })
  })

  test('0 means no limit', async () => {
    const gate = createFailureGate({ now: () => 0 }, 0)
    for (let index = 0; index < 500; index++) {
      expect(await gate.attempt('secret_key', address, async () => undefined)).toEqual({ found: undefined })
    }
  })

  test('in any order of calls, no network exceeds its share, and every call ends', async () => {
    const addresses = [
      '192.0.2.1',
      '192.0.2.2',
      '2001:db8:1:0::1',
      '2001:db8:1:1::1',
      '2001:db8:1:100::1',
      '2001:db8:2::1',
    ]
    const call = fc.record({ from: fc.constantFrom(...addresses), credential: fc.constantFrom('right', 'wrong') })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 120 }), async (calls) => {
        const { send } = setUp()
        const answers = await Promise.all(
          calls.map(async ({ from, credential }) => ({
            from,
            answer: await send(credential as 'right' | 'wrong', from),
          })),
        )
        for (const from of addresses) {
          const wrong = answers.filter((one) => one.from === from && one.answer === 'wrong')
          expect(wrong.length).toBeLessThanOrEqual(perMinute)
          // a caller that sent no wrong credentials in its network is let through
          const isQuiet = !calls.some((one) => one.credential === 'wrong' && one.from.slice(0, 9) === from.slice(0, 9))
          if (isQuiet) expect(answers.filter((one) => one.from === from && one.answer === 'refused')).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a sweep through a /48 gets 16 times the checks of one address', async () => {
    const { send, checked } = setUp()
    const subnets = Array.from({ length: 2_000 }, (_, index) => `2001:db8:1:${(index * 31).toString(16)}::1`)
    await Promise.all(subnets.map((from) => send('wrong', from)))
    expect(checked).toHaveLength(16 * perMinute)
    expect(await send('right', '2001:db8:2::1')).toBe('key')
  })
})
