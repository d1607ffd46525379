import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientKeySettings } from '../testing/client-key.js'
import { databases, openDatabase } from '../testing/databases.js'

const account = { name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null } as const
const page = { after: '', limit: 100 }

describe.each(databases)('in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  const [mine, theirs] = ['account-1', 'account-2']
  beforeAll(async () => {
    for (const id of [mine, theirs]) await store.upsertAccount({ id, ...account })
  })
  afterAll(close)

  describe('a secret key', () => {
    const keyOf = (changes: object = {}) => ({
      id: randomUUID(),
      name: 'backend',
      scopes: ['bridge:write', 'cards:write'] as const,
      disabled: false,
      createdAt: 10,
      expiresAt: null,
      hint: null,
      secretHash: randomUUID(),
      ...changes,
    })
    const add = async (changes: object = {}) => {
      const key = keyOf(changes)
      expect(await store.upsertApiKey(mine, key)).toBe(true)
      return key
    }
    const find = (secretHash: string, now = 100) => store.findApiKeyBySecret(secretHash, now)

    test('is found by its hash, with its account', async () => {
      const key = await add()
      const { secretHash, ...kept } = key
      expect(await find(secretHash)).toEqual({
        apiKey: { ...kept, accountId: mine, lastUsedOn: null, successorId: null },
        account: {
          id: mine,
          name: 'Acme',
          tenant: '2_3',
          environment: 'sandbox',
          parentId: null,
          ...{ requestsPerSecond: 100, requestsPerSecondPerKey: 0 },
          disabled: false,
        },
      })
      expect(await find('unknown')).toBeUndefined()
    })

    test('imported again gets its missing hint', async () => {
      const key = await add()
      const again = { ...key, id: randomUUID(), hint: 'sk_test_3kF9…x7Qz' }
      expect(await store.upsertApiKey(mine, again)).toBe(true)
      expect(await store.findApiKey(mine, key.id)).toMatchObject({ hint: 'sk_test_3kF9…x7Qz' })
    })

    test("that is disabled or expired isn't found", async () => {
      expect(await find((await add({ disabled: true })).secretHash)).toBeUndefined()
      const { secretHash } = await add({ expiresAt: 100 })
      expect(await find(secretHash, 99)).toBeDefined()
      expect(await find(secretHash, 100)).toBeUndefined()
    })

    test('imported again is changed, and keeps its id and age', async () => {
      const key = await add()
      const again = { ...key, id: randomUUID(), name: 'renamed', scopes: ['*'] as const, createdAt: 99 }
      expect(await store.upsertApiKey(mine, again)).toBe(true)
      expect((await find(key.secretHash))?.apiKey).toMatchObject({
        id: key.id,
        createdAt: 10,
        name: 'renamed',
        scopes: ['*'],
      })
    })

    test("that was disabled stays disabled if an import doesn't say otherwise", async () => {
      const key = await add()
      await store.disableApiKey(mine, key.id)
      expect(await store.upsertApiKey(mine, { ...key, disabled: undefined })).toBe(true)
      expect(await find(key.secretHash)).toBeUndefined()
      expect(await store.upsertApiKey(mine, { ...key, disabled: false })).toBe(true)
      expect(await find(key.secretHash)).toBeDefined()
    })

    test("of another account isn't changed", async () => {
      const key = await add()
      expect(await store.upsertApiKey(theirs, { ...key, id: randomUUID(), name: 'stolen' })).toBe(false)
      expect((await find(key.secretHash))?.apiKey).toMatchObject({ accountId: mine, name: 'backend' })
    })

    test('expires at the given time or earlier, never later than before', async () => {
      const key = await add()
      await store.expireApiKey(mine, key.id, 500)
      await store.expireApiKey(mine, key.id, 900)
      expect((await store.findApiKey(mine, key.id))?.expiresAt).toBe(500)
      await store.expireApiKey(mine, key.id, 400)
      expect((await store.findApiKey(mine, key.id))?.expiresAt).toBe(400)
    })

    test('has one successor, and a second one must name the first one that it replaces', async () => {
      const key = { ...(await add()), successorId: null }
      expect(await store.succeedApiKey(theirs, key, 'next')).toBe(false)
      expect(await store.succeedApiKey(mine, key, 'next')).toBe(true)
      expect(await store.succeedApiKey(mine, key, 'another')).toBe(false)
      expect(await store.succeedApiKey(mine, { ...key, successorId: 'next' }, 'third')).toBe(true)
      expect(await store.disableApiKey(mine, key.id)).toMatchObject({ disabled: true, successorId: 'third' })
      expect(await store.succeedApiKey(mine, { ...key, successorId: 'third' }, 'fourth')).toBe(false)
      expect(await store.disableApiKey(theirs, key.id)).toBeUndefined()
    })

    test('notes the last day of its use, and never an earlier one', async () => {
      const key = await add()
      await store.noteApiKeyUse(mine, key.id, '2026-11-21')
      await store.noteApiKeyUse(mine, key.id, '2026-11-20')
      expect((await store.findApiKey(mine, key.id))?.lastUsedOn).toBe('2026-11-21')
    })

    test('is invisible to another account', async () => {
      const key = await add()
      expect(await store.findApiKey(theirs, key.id)).toBeUndefined()
      expect(await store.listApiKeys(theirs, page)).toEqual([])
      await store.disableApiKey(theirs, key.id)
      await store.expireApiKey(theirs, key.id, 1)
      await store.noteApiKeyUse(theirs, key.id, '2026-11-21')
      expect(await store.findApiKey(mine, key.id)).toMatchObject({ disabled: false, expiresAt: null, lastUsedOn: null })
      await store.disableApiKey(mine, key.id)
      expect(await find(key.secretHash)).toBeUndefined()
    })

    test('is listed in the order of ids, page by page', async () => {
      const all = (await store.listApiKeys(mine, page)).map(({ id }) => id)
      expect(all).toEqual(all.toSorted())
      const first = await store.listApiKeys(mine, { after: '', limit: 2 })
      const second = await store.listApiKeys(mine, { after: first[1]?.id ?? '', limit: 2 })
      expect([...first, ...second].map(({ id }) => id)).toEqual(all.slice(0, 4))
    })
  })

  describe('a client key', () => {
    const add = async (changes: object = {}) => {
      const id = randomUUID()
      const key = { ...clientKeySettings, id, client_key: `pk_test_${id}`, ...changes }
      expect(await store.upsertClientKey(mine, key, 0)).toBe(true)
      return key
    }

    test('is found by its public name', async () => {
      const { id, client_key } = await add()
      const { agent, branding, copy } = clientKeySettings
      expect(await store.findClientKey(client_key)).toEqual({
        id,
        accountId: mine,
        name: 'site',
        disabled: false,
        ...{ isAccountDisabled: false, isKeyDisabled: false },
        trustedIssuers: [],
        allowlist: [
          { match: 'origin', origin: 'https://shop.example' },
          { match: 'one-label', suffix: '.shop.example' },
          { match: 'any-port', host: 'localhost' },
        ],
        guestPerMinute: 60,
        bind: 'off',
        config: {
          client_key,
          widget_enabled: true,
          auth_mode: 'both',
          ...{ agent, branding, copy },
          locale: 'en',
          supported_locales: ['en'],
        },
      })
    })

    test('that is disabled is found by its id only', async () => {
      const { id, client_key } = await add({ disabled: true })
      expect(await store.findClientKey(client_key)).toBeUndefined()
      expect(await store.findClientKeyById(mine, id)).toMatchObject({ disabled: true })
    })

    test("that was disabled stays disabled if an import doesn't say otherwise", async () => {
      const key = await add()
      await store.patchClientKey(mine, key.id, { disabled: true }, 5)
      expect(await store.upsertClientKey(mine, { ...key, disabled: undefined }, 0)).toBe(true)
      expect(await store.findClientKey(key.client_key)).toBeUndefined()
      expect(await store.upsertClientKey(mine, { ...key, disabled: false }, 0)).toBe(true)
      expect(await store.findClientKey(key.client_key)).toBeDefined()
    })

    test('imported again is changed, keeps its id, and loses a limit that is now missing', async () => {
      const key = await add({ rate_limit: { guest_per_minute: 5 } })
      expect(await store.findClientKey(key.client_key)).toMatchObject({ guestPerMinute: 5 })
      const again = { ...key, id: randomUUID(), name: 'renamed', rate_limit: undefined }
      expect(await store.upsertClientKey(mine, again, 0)).toBe(true)
      expect(await store.findClientKey(key.client_key)).toMatchObject({
        id: key.id,
        name: 'renamed',
        guestPerMinute: 60,
      })
    })

    test("of another account isn't changed", async () => {
      const key = await add()
      expect(await store.upsertClientKey(theirs, { ...key, id: randomUUID(), name: 'stolen' }, 0)).toBe(false)
      expect(await store.findClientKey(key.client_key)).toMatchObject({ accountId: mine, name: 'site' })
    })

    test.each([
      [{ name: 'x' }, { name: 'x' }],
      [{ disabled: true }, { disabled: true, isKeyDisabled: true }],
      [{ origin_allowlist: [] }, { allowlist: [] }],
      [{ rate_limit: { guest_per_minute: 0 } }, { guestPerMinute: 0 }],
      [{ rate_limit: { guest_per_minute_total: 7 } }, { guestPerMinuteTotal: 7 }],
      [{ rate_limit: {} }, {}],
      [{ widget_enabled: false }, { config: { widget_enabled: false } }],
      [{ copy: { greeting: '', launcher_label: '', more: 'text' } }, { config: { copy: { more: 'text' } } }],
      [
        { locale: 'de', supported_locales: ['de', 'en'] },
        { config: { locale: 'de', supported_locales: ['de', 'en'] } },
      ],
      [{}, {}],
    ])('the patch %j changes only the fields in it', async (patch, expected) => {
      const { id } = await add({ rate_limit: { guest_per_minute: 5 } })
      const before = await store.findClientKeyById(mine, id)
      expect(await store.patchClientKey(mine, id, patch, 0)).toMatchObject({ id })
      const after = await store.findClientKeyById(mine, id)
      expect(after).toMatchObject(expected)
      const config = { ...after?.config, ...('config' in expected ? before?.config : {}) }
      const untouched =
        'config' in expected ? { ...after, config } : { ...after, ...pick(before, Object.keys(expected)) }
      expect(untouched).toEqual(before)
    })

    test('is invisible to another account', async () => {
      const { id } = await add()
      expect(await store.findClientKeyById(theirs, id)).toBeUndefined()
      expect(await store.patchClientKey(theirs, id, { disabled: true }, 0)).toBeUndefined()
      expect(await store.patchClientKey(mine, 'unknown', { disabled: true }, 0)).toBeUndefined()
      expect(await store.listClientKeys(theirs, page)).toEqual([])
      expect(await store.findClientKeyById(mine, id)).toMatchObject({ disabled: false })
    })
  })
})

const pick = (value: object | undefined, names: readonly string[]) =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => names.includes(name)))
