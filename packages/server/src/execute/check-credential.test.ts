import { describe, expect, test } from 'vitest'
import { createFailureGate } from '../limits/failure-gate.js'
import { checkThrough, verifyChecked } from './check-credential.js'
import type { Services } from './services.js'

const nowSeconds = 1_795_248_000
const clock = { now: () => nowSeconds * 1000 }
const from = { address: '192.0.2.1' }

test('checks credentials until an address has sent too many wrong ones', async () => {
  const check = checkThrough(createFailureGate(clock, 1), 'secret_key', from)
  expect(await check(async () => 'right')).toBe('right')
  expect(await check(async () => undefined)).toBeUndefined()
  await expect(check(async () => 'right')).rejects.toMatchObject({ reason: 'rate_limited' })
})

describe('a token from a page', () => {
  /** Verifies a token that expires at a time, or one from elsewhere. Also returns what the gate counted. */
  async function verify(exp: number | undefined, evenExpired?: boolean) {
    const heard: boolean[] = []
    const claims = exp === undefined ? undefined : { exp }
    // every token has a valid signature, and its claims contain only a time
    const services = { clock, verify: async () => claims } as unknown as Pick<Services, 'clock' | 'verify'>
    const checked = verifyChecked(services, async (check) => {
      const found = await check()
      heard.push(found !== undefined)
      return found
    })
    const found = await checked('visitor', 'token', evenExpired === undefined ? undefined : { evenExpired })
    return { isAccepted: found !== undefined, heard }
  }

  test('is accepted until it expires, and counts as wrong only if another server made it', async () => {
    expect(await verify(nowSeconds + 1)).toEqual({ isAccepted: true, heard: [true] })
    expect(await verify(nowSeconds)).toEqual({ isAccepted: false, heard: [true] })
    expect(await verify(undefined)).toEqual({ isAccepted: false, heard: [false] })
  })

  test('is accepted after its expiry if the call allows that', async () => {
    expect(await verify(nowSeconds, true)).toEqual({ isAccepted: true, heard: [true] })
    expect(await verify(nowSeconds, false)).toEqual({ isAccepted: false, heard: [true] })
    expect(await verify(undefined, true)).toEqual({ isAccepted: false, heard: [false] })
  })
})
