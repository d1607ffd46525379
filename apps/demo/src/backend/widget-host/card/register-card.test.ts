import { createHallpassClient } from '@hallpass/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoFolder } from '../../../testing/demo-folder.js'
import { post, startDemo, type TestDemo } from '../../../testing/start-demo.js'

let demo: TestDemo
beforeAll(async () => {
  // these tests don't need the built pages
  demo = await startDemo({ webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` })
})
afterAll(() => demo.stop())

const as = (apiKey: string) => createHallpassClient({ baseUrl: demo.hallpassUrl, apiKey })
const cardOf = (lastFour: string) => demo.shop.cards.find((card) => card.lastFour === lastFour)?.id ?? ''

/** Performs a widget's action. */
async function act(widget_type: 'ACTIVATE' | 'REVEAL', card_id: string) {
  const { widget_token } = await as(demo.shop.secretKey).card.widgetToken({ card_id, widget_type })
  return post(`${demo.widgetsUrl}/api/card/act`, { widget_token, widget_type })
}

describe('POST /api/card/act', () => {
  test('200 with the card number after one call: the processor redeems the token', async () => {
    const { status, body } = await act('REVEAL', cardOf('4242'))
    expect([status, body.answer]).toEqual([
      200,
      { last_four: '4242', pan: expect.stringMatching(/^4000\d{8}4242$/), cvc: expect.any(String), expiry: '09/29' },
    ])
    expect(body.calls).toEqual([
      expect.objectContaining({ from: 'processor', to: 'hallpass', operation: 'tokens.redeem' }),
    ])
  })

  test('200 for an activation, which the bank then records with its own key', async () => {
    const { status, body } = await act('ACTIVATE', cardOf('1881'))
    expect([status, body.answer]).toEqual([200, { last_four: '1881' }])
    const who = body.calls.map(({ from, operation }: { from: string; operation: string }) => [from, operation])
    expect(who).toEqual([
      ['processor', 'tokens.redeem'],
      ['backend', 'admin.cards.get'],
      ['backend', 'admin.cards.upsert'],
    ])
    const card = await as(demo.shop.secretKey).admin.cards.get({ card_id: cardOf('1881') })
    expect(card).toMatchObject({ status: 'ACTIVE', last_four: '1881' })
  })
})

test("the widget host's keys can't administer the shop's account", async () => {
  for (const key of [demo.shop.processorKey, demo.shop.widgetHostKey]) {
    const refused = expect.objectContaining({ reason: 'insufficient_scope' })
    await expect(as(key).admin.cards.list({})).rejects.toEqual(refused)
    await expect(as(key).admin.sessions.revoke({ account: true })).rejects.toEqual(refused)
  }
})
