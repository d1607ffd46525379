import { parseAllowlistEntry } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { generateSecretKey } from '../crypto/secret-key.js'
import type { RefreshState } from '../sessions/refresh-token.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { RequestHeaders } from './call.js'
import { explainPage, explainRefreshToken, explainSecretKey } from './explain.js'
import type { SentKey } from './request-headers.js'
import type { Services } from './services.js'

const now = Date.parse('2026-11-21T08:00:00.000Z')
const headersOf = (sent: Record<string, readonly string[]>): RequestHeaders => ({
  get: (name) => sent[name]?.[0],
  count: (name) => sent[name]?.length ?? 0,
})

describe('the explanation for a secret key that was not accepted', () => {
  const apiKey = { id: 'key-1', accountId: 'account-1', name: 'backend', disabled: false, expiresAt: null }
  /** `row`: the key in the database. */
  const explain = (
    secret: string | undefined,
    row?: object,
    authorization: readonly string[] = [],
    scheme: SentKey['scheme'] = 'Bearer',
  ) => {
    const store = { findApiKeyIncludingDisabled: async () => row }
    const services = { store, keys: { apiKeyHash: Buffer.alloc(32) }, clock: { now: () => now } }
    // explainCredential uses only this much of the services
    return explainSecretKey(services as unknown as Services, headersOf({ authorization }), { secret, scheme })
  }

  test.each([
    ['no header', [], 'no Authorization header'],
    ['another scheme', ['Basic x'], 'an Authorization header without the scheme Bearer'],
  ])('names %s', async (_, authorization, seen) => {
    expect((await explain(undefined, undefined, authorization)).seen).toBe(seen)
  })

  test('names a Basic header without a password', async () => {
    expect(await explain(undefined, undefined, ['Basic x'], 'Basic')).toMatchObject({
      rule: 'The Authorization header must contain, as the password of HTTP Basic, an active secret key.',
      seen: 'an Authorization header without a user name and a password',
    })
  })

  test.each([
    ['pk_test_acme', 'a client key (pk_…) instead of a secret key'],
    ['eyJhbGciOi', 'a token instead of a secret key'],
    [generateSecretKey({ random: Buffer.alloc }, 'sandbox'), 'a well-formed secret key that this server does not know'],
    ['my own secret', 'a key of 13 characters that this server does not know'],
  ])('shows only the format of an unknown one: %s', async (secret, seen) => {
    const explained = await explain(secret)
    expect(explained.seen).toBe(seen)
    expect(explained).not.toHaveProperty('accountId')
  })

  test.each([
    ['disabled', { disabled: true }, 'secret key "backend", which is disabled'],
    ['expired', { expiresAt: now }, 'secret key "backend", which expired at 2026-11-21T08:00:00.000Z'],
    ['active again', { expiresAt: now + 1 }, 'secret key "backend", which is active now'],
    ['active again, without an expiry', {}, 'secret key "backend", which is active now'],
  ])('names a known key that is %s, and its account', async (_, row, seen) => {
    expect(await explain('secret', { ...apiKey, ...row })).toMatchObject({
      seen,
      accountId: 'account-1',
      apiKeyId: 'key-1',
    })
  })
})

describe('the explanation for a page that was refused', () => {
  const key = (origins: readonly string[], disabled = false) => {
    const allowlist = origins.map(parseAllowlistEntry)
    // an explanation uses only this much of a client key
    return { id: 'client-1', accountId: 'account-1', name: 'shop', disabled, allowlist } as unknown as ClientKey
  }
  const asked: string[] = []
  interface Page {
    readonly found?: ClientKey
    readonly raw?: Record<string, unknown>
    readonly credential?: string
  }
  const explain = (
    known: ClientKey | undefined,
    origins: readonly string[],
    { found, raw = {}, credential = 'pk_test_shop' }: Page = {},
  ) => {
    asked.length = 0
    const store = {
      findClientKeyIncludingDisabled: async (name: string) => {
        asked.push(name)
        return found
      },
    }
    const verify = async (_: string, token: string) => {
      if (token === 'too many') throw new Error('the address may send no more')
      return { sub: 'client-1', origin: token }
    }
    const page = { headers: headersOf({ origin: origins }), credential, raw }
    return explainPage({ store, verify } as unknown as Services, page, known)
  }

  test("shows an unknown client key if it can't be a secret, and never looks up a token by name", async () => {
    expect(await explain(undefined, [])).toMatchObject({
      rule: 'client_key must be the name of a client key on this server.',
    })
    expect(asked).toEqual(['pk_test_shop'])
    await explain(undefined, [], { credential: 'x'.repeat(5_000) })
    expect(asked).toEqual([])
  })

  test("names a disabled client key, and doesn't look up a known one", async () => {
    expect(await explain(undefined, [], { found: key([], true) })).toMatchObject({
      accountId: 'account-1',
      clientKeyId: 'client-1',
      seen: 'client key "shop", which is disabled',
    })
    await explain(key([]), [])
    expect(asked).toEqual([])
  })

  test.each([
    ['no Origin', [], 'no Origin header'],
    ['two', ['https://a.example', 'https://b.example'], '2 Origin headers'],
    ['null', ['null'], 'Origin null'],
    [
      "one that isn't on the list",
      ['https://a.example'],
      'Origin: https://a.example; the allowlist contains https://shop.example',
    ],
  ])('shows the Origin: %s', async (_, origins, seen) => {
    expect((await explain(key(['https://shop.example']), origins)).seen).toBe(seen)
  })

  test('shows ten entries of the allowlist and the number of others', async () => {
    const rules = (count: number) => Array.from({ length: count }, (_, index) => `https://s${index}.example`)
    const seen = async (count: number) => (await explain(key(rules(count)), ['https://a.example'])).seen
    expect(await seen(0)).toContain('the allowlist is empty')
    expect(await seen(10)).toMatch(/s9\.example$/)
    expect(await seen(12)).toMatch(/s9\.example and 2 more$/)
  })

  test('suggests a widget origin only if the call proves that another page embeds it', async () => {
    const fixOf = async (embed_ticket: string) =>
      (await explain(key(['https://shop.example']), ['https://widgets.example'], { raw: { embed_ticket } })).fix
    expect(await fixOf('https://shop.example')).toContain('--widget-origins https://widgets.example')
    expect(await fixOf('https://widgets.example')).toContain('origin_allowlist')
    expect(await fixOf('too many')).toContain('origin_allowlist')
  })
})

describe('the explanation for a refused refresh token', () => {
  // only the times and the owner of a state are shown
  const state = { account_id: 'a', client_key_id: 'c', issued_at: now, expires_at: now + 1 } as RefreshState
  const owner = { accountId: 'a', clientKeyId: 'c' }

  test('names no owner if the token could not be opened', () => {
    expect(explainRefreshToken(undefined, undefined)).not.toHaveProperty('accountId')
  })

  test("shows when it expired, or that it isn't valid yet", () => {
    expect(explainRefreshToken(state, 'expired')).toMatchObject({
      ...owner,
      seen: 'a refresh token that expired at 2026-11-21T08:00:00.001Z',
    })
    expect(explainRefreshToken(state, 'not_yet_valid')).toMatchObject({
      ...owner,
      seen: 'a refresh token issued at 2026-11-21T08:00:00.000Z, which is in the future',
    })
  })
})
