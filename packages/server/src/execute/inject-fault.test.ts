import { operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { messages } from '../error-messages.js'
import { injectFault, readFault } from './inject-fault.js'
import type { Services } from './services.js'

const operation = operations['visitor.guest']
const headersOf = (fault: string | undefined) => ({
  get: () => fault,
  count: () => (fault === undefined ? 0 : 1),
})
const offers = { offersFaults: true }
const ofSandbox = async () => ({ environment: 'sandbox' }) as const

describe('reading the fault of a call', () => {
  test('returns no fault without the header, and looks up no account', async () => {
    const find = () => Promise.reject(new Error('looked up'))
    expect(await readFault(offers, operation, headersOf(undefined), find)).toBeUndefined()
  })

  test('requires a fault of the operation and a sandbox account', async () => {
    const refused = { reason: 'invalid_header' }
    expect(await readFault(offers, operation, headersOf('slow=5'), ofSandbox)).toEqual({
      kind: 'slow',
      milliseconds: 5,
    })
    await expect(readFault(offers, operation, headersOf('already_used'), ofSandbox)).rejects.toMatchObject(refused)
    await expect(readFault(offers, operation, headersOf('no fault'), ofSandbox)).rejects.toMatchObject(refused)
    const others = [async () => undefined, async () => ({ environment: 'production' }) as const]
    for (const find of others)
      await expect(readFault(offers, operation, headersOf('slow=5'), find)).rejects.toMatchObject(refused)
  })

  test('refuses every fault if the server offers none', async () => {
    const read = (text: string | undefined) => readFault({ offersFaults: false }, operation, headersOf(text), ofSandbox)
    expect(await read(undefined)).toBeUndefined()
    await expect(read('slow=5')).rejects.toMatchObject({ reason: 'invalid_header' })
  })
})

describe('an injected fault', () => {
  // a fault that refuses uses no services
  const services = {} as Services
  const postpone = (): never => {
    throw new Error('nothing waits')
  }
  const refusalOf = (kind: 'rate_limited' | 'unavailable', allowance: object | undefined) => {
    const quota = { limit: 5, windowSeconds: 60 }
    const of = allowance && { allowed: true, quota, remaining: 4, resetSeconds: 60 }
    return injectFault(services, { kind }, { operation, allowance: of, postpone }).catch((error: unknown) => error)
  }

  test('rate_limited shows an exhausted quota, if the caller has one', async () => {
    expect(await refusalOf('rate_limited', {})).toMatchObject({
      reason: 'rate_limited',
      allowance: { allowed: false, quota: { limit: 5 }, remaining: 0, resetSeconds: 1 },
    })
    expect(await refusalOf('rate_limited', undefined)).toMatchObject({ reason: 'rate_limited', allowance: undefined })
  })

  test('of any other kind leaves the quota unchanged', async () => {
    expect(await refusalOf('unavailable', {})).toMatchObject({ reason: 'unavailable' })
    expect(await refusalOf('unavailable', {})).not.toHaveProperty('allowance')
  })

  test("slow waits, and expire_in shortens a token's lifetime and never extends it", async () => {
    const pauses: number[] = []
    const pausing = { ...services, pause: async (milliseconds: number) => void pauses.push(milliseconds) }
    const later = { store: {} as Services['store'], consume: async () => undefined }
    const postponed: number[] = []
    const postpone = (milliseconds: number) => {
      postponed.push(milliseconds)
      return later
    }
    const run = { operation, allowance: undefined, postpone }
    const delayed = await injectFault(pausing, { kind: 'slow', milliseconds: 7 }, run)
    // the caller asked for the pause, so it doesn't count towards its deadline
    expect([delayed.store, postponed, pauses]).toEqual([later.store, [7], [7]])
    const { lifetime } = await injectFault(pausing, { kind: 'expire_in', seconds: 5 }, run)
    expect([4, 5, 900].map(lifetime)).toEqual([4, 5, 5])
    expect(pauses).toEqual([7])
  })

  test("already_used refuses with the operation's message, or as an unknown fault", async () => {
    const refusal = (id: 'visitor.refresh' | 'visitor.guest') =>
      injectFault(services, { kind: 'already_used' }, { operation: operations[id], allowance: undefined, postpone })
    await expect(refusal('visitor.refresh')).rejects.toMatchObject({ message: messages.invalidRefreshToken })
    await expect(refusal('visitor.guest')).rejects.toMatchObject({ reason: 'invalid_header' })
  })
})
