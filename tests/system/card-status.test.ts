import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { administer } from './support/administer.js'
import { acme } from './support/fixture.js'
import { fixtureWithHost } from './support/host-key.js'
import { bodyOf, cardPath, introspect, mintBridgeToken, mintCardToken, paths } from './support/mint.js'
import { bearer, startServer, type TestServer } from './support/start-server.js'

let server: TestServer
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  server = await startServer({ fixture: fixtureWithHost })
  admin = administer(server)
})
afterAll(() => server.stop())
beforeEach(async () => {
  server.clock.advance(1)
  await setCard('ACTIVE')
  await setCustomer('verified')
  server.clock.advance(1)
})

const setCard = async (status: string, id: string = acme.activeCard) =>
  bodyOf(await admin.post('cards', { id, customer_id: acme.customer, status }))
const setCustomer = async (status: string) => bodyOf(await admin.post('customers', { id: acme.customer, status }))
const redeem = (widget_token: string, widget_type = 'REVEAL') =>
  server.postAsAcme(paths.redeem, { widget_token, widget_type })

describe('the status of a card', () => {
  test.each(['UNACTIVATED', 'SUSPENDED', 'TERMINATED'])(
    '422 INVALID_STATUS for a token whose card became %s, and introspection says inactive',
    async (status) => {
      const token = await mintCardToken(server)
      await setCard(status)
      const response = await redeem(token)
      expect(response.status).toBe(422)
      expect(await response.json()).toEqual({
        code: 'INVALID_STATUS',
        detail: `The card is ${status}; REVEAL needs ACTIVE.`,
        status: 422,
        valid_status: ['ACTIVE'],
      })
      expect(await introspect(server, token)).toEqual({ active: false })
    },
  )

  test('422 for ACTIVATE once the card is active', async () => {
    await setCard('UNACTIVATED', acme.newCard)
    const response = await server.get(cardPath(acme.newCard, 'ACTIVATE'), bearer(acme.key))
    const { widget_token } = await bodyOf<{ widget_token: string }>(response)
    await setCard('ACTIVE', acme.newCard)
    expect((await redeem(widget_token, 'ACTIVATE')).status).toBe(422)
    expect(await introspect(server, widget_token)).toEqual({ active: false })
  })

  test('an Idempotency-Key replays a redeem from before, and keeps nothing of a refused one', async () => {
    const [spent, refused] = [await mintCardToken(server), await mintCardToken(server)]
    const redeemAs = (widget_token: string, key: string) =>
      server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' }, { 'Idempotency-Key': key })
    const first = await bodyOf(await redeemAs(spent, 'card-status-1'))
    await setCard('UNACTIVATED')
    expect(await bodyOf(await redeemAs(spent, 'card-status-1'))).toEqual(first)
    expect((await redeemAs(refused, 'card-status-2')).status).toBe(422)
  })
})

describe('the status of a customer', () => {
  test.each(['inactive', 'rejected'])('introspection of a bridge token says inactive for %s', async (status) => {
    const token = await mintBridgeToken(server)
    expect(await introspect(server, token)).toMatchObject({ active: true })
    await setCustomer(status)
    expect(await introspect(server, token)).toEqual({ active: false })
  })

  test.each(['pending', 'review'])('a bridge token stays active for %s', async (status) => {
    const token = await mintBridgeToken(server)
    await setCustomer(status)
    expect(await introspect(server, token)).toMatchObject({ active: true })
  })
})
