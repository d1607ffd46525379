import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, introspect, mintBridgeToken, mintCardToken, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})
beforeEach(async () => {
  server.clock.advance(1)
  await setCard('ACTIVE')
  await setCustomer('verified')
  server.clock.advance(1)
})

const setCard = async (status: string, id: string = acme.activeCard) =>
  bodyOf(await admin.post('cards', { id, customer_id: acme.customer, status }))
const setCustomer = async (status: string) => bodyOf(await admin.post('customers', { id: acme.customer, status }))
const refusalOf = (response: Response) => response.json() as Promise<object>
const redeem = (widget_token: string, widget_type = 'REVEAL') =>
  server.postAsAcme(paths.redeem, { widget_token, widget_type })

describe('the status of a card', () => {
  test.each(['SUSPENDED', 'TERMINATED'])('422 TOKEN_REVOKED for a card that became %s, permanently', async (status) => {
    const token = await mintCardToken(server)
    await setCard(status)
    expect(await refusalOf(await redeem(token))).toMatchObject({ code: 'TOKEN_REVOKED', status: 422 })
    expect(await introspect(server, token)).toEqual({ active: false })
    await setCard('ACTIVE')
    expect(await refusalOf(await redeem(token))).toMatchObject({ code: 'TOKEN_REVOKED' })
    server.clock.advance(1)
    expect((await redeem(await mintCardToken(server))).status).toBe(200)
  })

  test('422 INVALID_STATUS for a card in a state that the widget does not accept', async () => {
    const token = await mintCardToken(server)
    await setCard('UNACTIVATED')
    expect(await refusalOf(await redeem(token))).toEqual({
      code: 'INVALID_STATUS',
      detail: 'The card is UNACTIVATED; REVEAL needs ACTIVE.',
      status: 422,
      valid_status: ['ACTIVE'],
    })
    expect(await introspect(server, token)).toEqual({ active: false })
  })

  test('422 for ACTIVATE once the card is active', async () => {
    await setCard('UNACTIVATED', acme.newCard)
    const response = await server.get(cardPath(acme.newCard, 'ACTIVATE'), bearer(acme.key))
    const { widget_token } = await bodyOf<{ widget_token: string }>(response)
    await setCard('ACTIVE', acme.newCard)
    expect((await redeem(widget_token, 'ACTIVATE')).status).toBe(422)
    expect(await introspect(server, widget_token)).toEqual({ active: false })
  })

  test('an Idempotency-Key replays an earlier redeem, and remembers no refusal', async () => {
    const [spent, refused] = [await mintCardToken(server), await mintCardToken(server)]
    const redeemAs = (widget_token: string, key: string) =>
      server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' }, { 'Idempotency-Key': key })
    const first = await bodyOf(await redeemAs(spent, 'card-status-1'))
    await setCard('UNACTIVATED')
    expect(await bodyOf(await redeemAs(spent, 'card-status-1'))).toEqual(first)
    expect((await redeemAs(refused, 'card-status-2')).status).toBe(422)
  })
})

test('a status repeated with its Idempotency-Key ends no later tokens', async () => {
  const suspend = () => {
    const body = { id: acme.activeCard, customer_id: acme.customer, status: 'SUSPENDED' }
    return admin.post('cards', body, hostKey, { 'Idempotency-Key': 'suspend once' })
  }
  expect((await suspend()).status).toBe(200)
  await setCard('ACTIVE')
  server.clock.advance(1)
  const token = await mintCardToken(server)
  server.clock.advance(1)
  expect((await suspend()).headers.get('idempotent-replayed')).toBe('true')
  expect((await redeem(token)).status).toBe(200)
})

describe('the status of a customer', () => {
  test.each(['inactive', 'rejected'])(
    '%s ends bridge and card tokens, and no later status reactivates them',
    async (status) => {
      const [bridge, card] = [await mintBridgeToken(server), await mintCardToken(server)]
      expect(await introspect(server, bridge)).toMatchObject({ active: true })
      await setCustomer(status)
      await setCustomer('verified')
      for (const token of [bridge, card]) expect(await introspect(server, token)).toEqual({ active: false })
      expect(await refusalOf(await redeem(card))).toMatchObject({ code: 'TOKEN_REVOKED' })
      server.clock.advance(1)
      expect(await introspect(server, await mintBridgeToken(server))).toMatchObject({ active: true })
      expect((await redeem(await mintCardToken(server))).status).toBe(200)
    },
  )

  test.each(['inactive', 'rejected'])(
    '422 INVALID_STATUS for a card whose customer is %s, and nothing is minted',
    async (status) => {
      const mint = (key?: string) =>
        server.get(cardPath(acme.activeCard, 'REVEAL'), {
          ...bearer(acme.key),
          ...(key ? { 'Idempotency-Key': key } : {}),
        })
      await bodyOf(await mint(`before-${status}`))
      await setCustomer(status)
      // a repeat is refused too
      for (const response of [await mint(), await mint(`before-${status}`)]) {
        expect(response.status).toBe(422)
        expect(await refusalOf(response)).toEqual({
          code: 'INVALID_STATUS',
          detail: `The customer of the card is ${status}.`,
          status: 422,
        })
      }
      await setCustomer('review')
      expect((await mint()).status).toBe(200)
    },
  )

  test('422 INVALID_STATUS for the token of a card that now belongs to an inactive customer', async () => {
    const token = await mintCardToken(server)
    await bodyOf(await admin.post('cards', { id: acme.activeCard, customer_id: acme.inactiveCustomer }))
    expect(await introspect(server, token)).toEqual({ active: false })
    expect(await refusalOf(await redeem(token))).toEqual({
      code: 'INVALID_STATUS',
      detail: 'The customer of the card is inactive.',
      status: 422,
    })
    await setCard('ACTIVE')
    expect((await redeem(token)).status).toBe(200)
  })

  test('introspection returns inactive while the customer is inactive', async () => {
    const token = await mintBridgeToken(server)
    await setCustomer('inactive')
    expect(await introspect(server, token)).toEqual({ active: false })
  })

  test.each(['pending', 'review'])('a bridge token stays active for %s', async (status) => {
    const token = await mintBridgeToken(server)
    await setCustomer(status)
    expect(await introspect(server, token)).toMatchObject({ active: true })
  })

  test('the history shows what ended', async () => {
    await setCustomer('inactive')
    server.clock.advance(1)
    await setCustomer('verified')
    expect((await admin.history(2)).map(({ changes }) => changes)).toEqual([
      { id: acme.customer, status: 'verified' },
      { id: acme.customer, status: 'inactive', ended: 'every token of this customer' },
    ])
  })
})
