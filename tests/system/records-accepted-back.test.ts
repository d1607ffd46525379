import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

type Shown = Readonly<Record<string, unknown>>
const post = async (path: string, body: object) => bodyOf<Shown>(await admin.post(path, body))

const runs = { numRuns: 20 }
const name = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })

describe('a record from a response is accepted as input, and nothing changes', () => {
  test('cards, with and without last_four', async () => {
    const cards = fc.record({
      id: fc.uuid({ version: 4 }),
      status: fc.constantFrom('UNACTIVATED', 'ACTIVE', 'SUSPENDED', 'TERMINATED'),
      last_four: fc.option(fc.stringMatching(/^\d{4}$/)),
    })
    await fc.assert(
      fc.asyncProperty(cards, async (card) => {
        const made = await post('cards', { ...card, customer_id: acme.customer })
        const shown = await bodyOf<Shown>(await admin.get(`cards/${card.id}`))
        expect(shown).toEqual(made)
        expect(await post('cards', shown)).toEqual(shown)
        expect(await bodyOf(await admin.get(`cards/${card.id}`))).toEqual(shown)
      }),
      runs,
    )
  })

  test('customers', async () => {
    const status = fc.constantFrom('verified', 'pending', 'review', 'rejected', 'inactive')
    await fc.assert(
      fc.asyncProperty(fc.record({ id: fc.uuid({ version: 4 }), name, status }), async (customer) => {
        await post('customers', customer)
        const shown = await bodyOf<Shown>(await admin.get(`customers/${customer.id}`))
        expect(await post('customers', shown)).toEqual(shown)
        expect(await bodyOf(await admin.get(`customers/${customer.id}`))).toEqual(shown)
      }),
      runs,
    )
  })

  test('client keys, with and without optional fields', async () => {
    const url = fc.constantFrom('https://shop.example/a.png', undefined)
    const settings = fc.record(
      {
        name,
        origin_allowlist: fc.uniqueArray(fc.constantFrom('shop.example', '*.shop.example', 'localhost:*'), {
          maxLength: 3,
        }),
        auth_mode: fc.constantFrom('guest', 'user', 'both'),
        widget_enabled: fc.boolean(),
        branding: fc.record({ logo_url: url, launcher_position: fc.constantFrom('br', 'tl') }),
        copy: fc.record({ greeting: name, launcher_label: name, privacy_notice: optional(name) }),
        supported_locales: fc.constantFrom(['en'], ['en', 'pt-BR']),
        rate_limit: fc.record({ guest_per_minute: optional(fc.integer({ min: 0, max: 1000 })) }),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(settings, url, fc.boolean(), async (given, avatar_url, disabled) => {
        const agent = { id: 'agent_1', display_name: 'Ada', avatar_url }
        const { id } = await post('client_keys', { ...given, agent })
        const shown = await post(`client_keys/${id}`, { disabled })
        expect(await post(`client_keys/${id}`, shown)).toEqual(shown)
        expect(await post(`client_keys/${id}`, {})).toEqual(shown)
      }),
      runs,
    )
  })

  test('422 if a field that cannot be changed differs', async () => {
    const agent = { id: 'agent_1', display_name: 'Ada' }
    const [one, two] = [await post('client_keys', { agent }), await post('client_keys', { agent })]
    expect(await refusal(await admin.post(`client_keys/${one.id}`, { id: two.id }))).toMatch(/^422 /)
    expect(await refusal(await admin.post(`client_keys/${one.id}`, { client_key: two.client_key }))).toMatch(/^422 /)
  })

  test('a secret key without an expiry', async () => {
    const made = await post('api_keys', { name: 'for ever', scopes: ['bridge:write'], expires_in: null })
    expect(made).toMatchObject({ expires_at: null })
  })
})
