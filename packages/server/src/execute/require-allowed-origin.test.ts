import { parseAllowlistEntry } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import type { ClientKey } from '../store/queries/client-keys.js'
import { requireAllowedOrigin } from './require-allowed-origin.js'
import type { Services } from './services.js'

const shop = 'https://shop.example'
// the check uses only this much of a client key and of the services
const clientKey = { id: 'client-1', disabled: false, allowlist: [parseAllowlistEntry(shop)] } as unknown as ClientKey
const counted: unknown[] = []
const now = 1_000
const services = {
  clock: { now: () => now },
  widgetOrigins: new Set(['https://widgets.example']),
  origins: {
    count: ({ origin, outcome }: Parameters<Services['origins']['count']>[0]) => counted.push(`${origin} ${outcome}`),
  },
} as unknown as Services

/** A call from pages of these origins. A repeated header reads as its first value. */
const admit = (
  found: ClientKey | undefined,
  origins: readonly string[],
  isOriginRequired = false,
  more: object = {},
) => {
  const headers = { get: () => origins[0], count: () => origins.length }
  const page = { headers, credential: 'pk_test_shop', raw: {}, isOriginRequired, ...more }
  return requireAllowedOrigin(services, found, page)
}
const refused = expect.objectContaining({ reason: 'origin_not_allowed' })

describe('a call from a page', () => {
  test.each([
    ['a page on the allowlist', shop],
    ["one of the server's own widgets", 'https://widgets.example'],
  ])('is allowed from %s', (_, origin) => {
    expect(admit(clientKey, [origin])).toEqual({ clientKey, origin })
    expect(admit(clientKey, [origin], true)).toEqual({ clientKey, origin })
  })

  test('needs no Origin if it carries a token', () => {
    expect(admit(clientKey, [])).toEqual({ clientKey, origin: undefined })
    expect(() => admit(clientKey, [], true)).toThrow(refused)
  })

  test.each([
    ["its client key doesn't exist", undefined, [shop]],
    ["its client key doesn't exist and it sends no Origin", undefined, []],
    ['its client key is disabled', { ...clientKey, disabled: true }, [shop]],
    ['its client key is disabled and it sends no Origin', { ...clientKey, disabled: true }, []],
    ['its page is not on the allowlist', clientKey, ['https://other.example']],
    ['it sends the same Origin twice', clientKey, [shop, shop]],
  ])('is refused if %s', (_, found, origins) => {
    expect(() => admit(found, origins)).toThrow(refused)
    expect(() => admit(found, origins, true)).toThrow(refused)
  })
})

describe('a call from a page in observe mode', () => {
  const observing = { ...clientKey, observeUntil: now + 1 }
  const unlisted = 'https://new.example'

  test.each([unlisted, 'http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080'])(
    'is allowed from %s',
    (origin) => {
      counted.length = 0
      expect(admit(observing, [origin], true).origin).toBe(origin)
      expect(counted).toEqual([`${origin} refused`])
    },
  )

  test.each(['http://new.example', 'http://localhost.evil.example', 'null', 'capacitor://localhost', `${unlisted}/`])(
    'is refused from %s',
    (origin) => expect(() => admit(observing, [origin], true)).toThrow(refused),
  )

  test('is refused when its time is over, if the key is disabled, and with two Origins', () => {
    expect(() => admit({ ...observing, observeUntil: now }, [unlisted])).toThrow(refused)
    expect(() => admit({ ...observing, disabled: true }, [unlisted])).toThrow(refused)
    expect(() => admit(observing, [unlisted, unlisted])).toThrow(refused)
  })

  test('continues only a session that began there in observe mode', () => {
    const refresh = { origin: unlisted, origin_unlisted: true }
    expect(admit(observing, [unlisted], false, { refresh }).origin).toBe(unlisted)
    for (const other of [{ origin: unlisted }, { origin: shop, origin_unlisted: true }])
      expect(() => admit(observing, [unlisted], false, { refresh: other })).toThrow(refused)
  })
})

test('counts what the allowlist decided, and nothing else', () => {
  counted.length = 0
  admit(clientKey, [shop])
  admit(clientKey, ['https://widgets.example'])
  admit(clientKey, [])
  expect(() => admit(clientKey, ['https://other.example'])).toThrow(refused)
  expect(() => admit({ ...clientKey, disabled: true }, [shop])).toThrow(refused)
  expect(() => admit(undefined, [shop])).toThrow(refused)
  expect(counted).toEqual([`${shop} allowed`, 'https://other.example refused'])
})
