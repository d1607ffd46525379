import { beforeAll, describe, expect, test } from 'vitest'
import { administer, type Page, refusal } from './support/fixtures/administer.js'
import { acme, child, live, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const unknown = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const actingFor = (account: string) => ({ 'Straddle-Account-Id': account })

describe('/v1/admin/accounts', () => {
  interface Account {
    readonly id: string
    readonly tenant: string
  }
  test('200 with a child in the same environment, which Straddle-Account-Id can then name', async () => {
    const made = await bodyOf<Account>(await admin.post('accounts', { name: 'Branch', tenant: '7_7' }))
    expect(made).toEqual({
      id: expect.stringMatching(uuidV7),
      name: 'Branch',
      tenant: '7_7',
      environment: 'sandbox',
      parent_id: acme.account,
      disabled: false,
      rate_limit: { requests_per_second: 100, requests_per_second_per_key: 0 },
    })
    expect(await admin.listAll<Account>('accounts')).toContainEqual(made)
    const customer = { id: '0a0b0c0d-0000-4000-8000-000000000001', name: 'First', status: 'verified' }
    expect((await admin.post('customers', customer, hostKey, actingFor(made.id))).status).toBe(200)
    const body = { customer_id: customer.id }
    const headers = { ...bearer(hostKey), ...actingFor(made.id) }
    expect((await server.post(paths.bridge, body, headers)).status).toBe(200)
    expect((await server.post(paths.bridge, body, bearer(hostKey))).status).toBe(404)
  })

  test('422 if the parent or a sibling has the tenant label; another tree can use it', async () => {
    const label = { tenant: 'only one' }
    expect((await admin.post('accounts', label)).status).toBe(200)
    for (const taken of [label, { tenant: '2_3' }, { tenant: '2_4' }]) {
      expect(await refusal(await admin.post('accounts', taken))).toBe('422 INVALID_STATUS')
      expect(await refusal(await admin.post('accounts', taken, hostKey, actingFor(child.account)))).toBe(
        '422 INVALID_STATUS',
      )
    }
    expect((await admin.post('accounts', label, live.key)).status).toBe(200)
  })

  test('a child of a production account is in production, with an empty name by default', async () => {
    const made = await bodyOf<Account>(await admin.post('accounts', { tenant: '8_8' }, live.key))
    expect(made).toMatchObject({ environment: 'production', parent_id: live.account, name: '' })
  })

  test('the list contains only the account in scope and its children', async () => {
    const ids = (await admin.listAll<Account>('accounts')).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining([acme.account, child.account]))
    expect(ids).not.toContain(rival.account)
    expect(ids).not.toContain(live.account)
    const own = await bodyOf<Page<Account>>(await admin.get('accounts', rival.key))
    expect(own.data.map(({ id }) => id)).toEqual([rival.account])
  })

  test.each([
    {},
    { tenant: '' },
    { tenant: 7 },
    { tenant: '1_1', environment: 'production' },
    { tenant: '1', parent_id: rival.account },
  ])('422 for %o', async (body) => {
    expect(await refusal(await admin.post('accounts', body))).toBe('422 VALIDATION_FAILED')
  })

  test("404 with the same bytes for an acting account that is another's or unknown", async () => {
    const bodies = new Set<string>()
    for (const account of [rival.account, unknown]) {
      const response = await admin.get('accounts', hostKey, actingFor(account))
      bodies.add(await response.clone().text())
      expect(await refusal(response)).toBe('404 RESOURCE_NOT_FOUND')
    }
    expect(bodies.size).toBe(1)
  })
})

describe('/v1/admin/customers', () => {
  const customer = { id: '0a0b0c0d-0000-4000-8000-000000000002', name: 'Grace', status: 'pending' }
  const one = (id: string, key = hostKey) => admin.get(`customers/${id}`, key)

  test('200 adds, and 200 again changes: the bridge uses the new status at once', async () => {
    expect(await bodyOf(await admin.post('customers', customer))).toEqual(customer)
    expect(await bodyOf(await one(customer.id))).toEqual(customer)
    const bridge = () => server.post(paths.bridge, { customer_id: customer.id }, bearer(hostKey))
    expect((await bridge()).status).toBe(200)
    const rejected = { ...customer, name: 'Grace H.', status: 'rejected' }
    expect(await bodyOf(await admin.post('customers', rejected))).toEqual(rejected)
    expect((await bridge()).status).toBe(422)
    expect((await admin.listAll('customers')).filter((item) => JSON.stringify(item).includes(customer.id))).toEqual([
      rejected,
    ])
  })

  test('omitted fields stay unchanged, and a new customer is verified', async () => {
    const id = '0a0b0c0d-0000-4000-8000-000000000009'
    expect(await bodyOf(await admin.post('customers', { id, name: 'Rita' }))).toMatchObject({ status: 'verified' })
    await admin.post('customers', { id, status: 'rejected' })
    const answer = await bodyOf(await admin.post('customers', { id, name: 'Rita R.' }))
    expect(answer).toEqual({ id, name: 'Rita R.', status: 'rejected' })
    expect(await bodyOf(await admin.post('customers', { id }))).toEqual(answer)
  })

  test('an id in upper case is the same customer', async () => {
    await admin.post('customers', { ...customer, id: customer.id.toUpperCase() })
    expect(await bodyOf(await one(customer.id.toUpperCase()))).toMatchObject({ id: customer.id })
  })

  test('422 for an id of another account, which stays unchanged; parent and child are separate', async () => {
    for (const id of [rival.customer, child.customer]) {
      expect((await admin.post('customers', { ...customer, id })).status).toBe(422)
      expect(await refusal(await one(id))).toBe('404 RESOURCE_NOT_FOUND')
    }
    expect(await bodyOf(await one(rival.customer, rival.key))).toMatchObject({ name: 'Rob' })
  })

  test('404 with the same bytes for an unknown customer and one of another account', async () => {
    const [foreign, missing] = [await one(rival.customer), await one(unknown)]
    expect(foreign.status).toBe(404)
    expect(await foreign.text()).toBe(await missing.text())
  })

  test('400 for an invalid UUID in the path; 422 in the body', async () => {
    expect(await refusal(await one('ada'))).toBe('400 BAD_REQUEST')
    for (const body of [
      { ...customer, id: 'ada' },
      { ...customer, status: 'fine' },
      { ...customer, vip: true },
    ]) {
      expect(await refusal(await admin.post('customers', body))).toBe('422 VALIDATION_FAILED')
    }
  })
})

describe('/v1/admin/cards', () => {
  const card = {
    id: '0a0b0c0d-0000-4000-8000-000000000003',
    customer_id: acme.customer,
    status: 'UNACTIVATED',
    last_four: '0042',
  }
  const one = (id: string, key = hostKey) => admin.get(`cards/${id}`, key)
  const mint = async (type: 'ACTIVATE' | 'REVEAL') =>
    (await server.post(cardPath(card.id, type), {}, bearer(hostKey))).status

  test('200 adds, and 200 again changes: minting follows the new status at once', async () => {
    expect(await bodyOf(await admin.post('cards', card))).toEqual(card)
    expect(await bodyOf(await one(card.id))).toEqual(card)
    expect([await mint('ACTIVATE'), await mint('REVEAL')]).toEqual([200, 422])
    const active = { ...card, status: 'ACTIVE' }
    expect(await bodyOf(await admin.post('cards', active))).toEqual(active)
    expect([await mint('ACTIVATE'), await mint('REVEAL')]).toEqual([422, 200])
  })

  test('omitted fields stay unchanged, and a new card is unactivated', async () => {
    const { id, customer_id } = { ...card, id: '0a0b0c0d-0000-4000-8000-00000000000a' }
    expect(await bodyOf(await admin.post('cards', { id, customer_id }))).toMatchObject({ status: 'UNACTIVATED' })
    await admin.post('cards', { id, customer_id, status: 'SUSPENDED' })
    const answer = await bodyOf(await admin.post('cards', { id, customer_id, last_four: '4242' }))
    expect(answer).toEqual({ id, customer_id, status: 'SUSPENDED', last_four: '4242' })
    expect(await bodyOf(await admin.post('cards', { id, customer_id }))).toEqual(answer)
  })

  test('422 for a card or a customer of another account; nothing changes', async () => {
    expect((await admin.post('cards', { ...card, id: rival.card })).status).toBe(422)
    for (const customer_id of [rival.customer, child.customer, unknown]) {
      expect((await admin.post('cards', { ...card, customer_id })).status).toBe(422)
    }
    expect(await bodyOf(await one(card.id))).toMatchObject({ customer_id: acme.customer })
    expect(await bodyOf(await one(rival.card, rival.key))).toMatchObject({ customer_id: rival.customer })
  })

  test('404 with the same bytes for an unknown card and one of another account', async () => {
    const [foreign, missing] = [await one(rival.card), await one(unknown)]
    expect(foreign.status).toBe(404)
    expect(await foreign.text()).toBe(await missing.text())
  })

  test('422 for an invalid body', async () => {
    for (const fault of [{ status: 'LOST' }, { last_four: '42' }, { customer_id: 'ada' }, { pan: '4111' }]) {
      expect(await refusal(await admin.post('cards', { ...card, ...fault }))).toBe('422 VALIDATION_FAILED')
    }
  })

  test('works the same over tRPC', async () => {
    const response = await server.trpc('admin.cards.upsert', { ...card, last_four: '9999' }, bearer(hostKey))
    expect(await bodyOf(response)).toMatchObject({ result: { data: { last_four: '9999' } } })
    const input = encodeURIComponent(JSON.stringify({ card_id: card.id }))
    const read = await server.get(`/trpc/admin.cards.get?input=${input}`, bearer(hostKey))
    expect(await bodyOf(read)).toMatchObject({ result: { data: { last_four: '9999' } } })
  })
})

describe('a list with pages', () => {
  const ids = Array.from(
    { length: 23 },
    (_, index) => `0c0c0c0c-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
  )
  beforeAll(async () => {
    for (const id of ids) await admin.post('customers', { id, name: id }, rival.key)
  })
  const page = async (query: string) => bodyOf<Page<{ id: string }>>(await admin.get(`customers?${query}`, rival.key))

  test('every item appears once, in order, even on small pages', async () => {
    const all = [...ids, rival.customer].toSorted()
    for (const limit of [1, 7, 8, 12, 24, 100]) {
      const seen: string[] = []
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const { data, next_cursor } = await page(`limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`)
        expect(data.length).toBeLessThanOrEqual(limit)
        seen.push(...data.map(({ id }) => id))
        cursor = next_cursor
      }
      expect(seen).toEqual(all)
    }
  })

  test('an item added in the meantime neither repeats nor hides another', async () => {
    const first = await page('limit=10')
    await admin.post('customers', { id: '00000000-0000-4000-8000-000000000000', name: 'first of all' }, rival.key)
    const rest = await page(`limit=100&cursor=${first.next_cursor}`)
    expect(first.data.concat(rest.data).map(({ id }) => id)).toEqual([...ids, rival.customer].toSorted())
  })

  test.each(['limit=0', 'limit=101', 'limit=ten', 'limit=1.5', 'cursor=', 'limit=1&limit=2'])(
    '400 for ?%s',
    async (query) => {
      expect(await refusal(await admin.get(`customers?${query}`))).toBe('400 BAD_QUERY_PARAMETER')
    },
  )
})
