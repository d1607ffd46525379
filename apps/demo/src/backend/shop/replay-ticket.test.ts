import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoFolder } from '../../testing/demo-folder.js'
import { post, startDemo, type TestDemo } from '../../testing/start-demo.js'

let demo: TestDemo
beforeAll(async () => {
  // these tests don't need the built pages
  demo = await startDemo({ webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` })
})
afterAll(() => demo.stop())

const replay = (body: object) => post(`${demo.demoUrl}/api/replay-ticket`, body)

/** Requests a ticket as the shop's page does. */
async function mintTicket(): Promise<string> {
  const asked = { client_key: demo.shop.clientKey }
  const { body } = await post(`${demo.hallpassUrl}/api/v1/widget/auth/embed-ticket`, asked, { Origin: demo.demoUrl })
  return body.ticket
}

describe('POST /api/replay-ticket', () => {
  test('200 with the recorded call and without session tokens for an unused ticket', async () => {
    const { status, text, body } = await replay({ embed_ticket: await mintTicket() })
    expect(status).toBe(200)
    expect(body.answer).toEqual({})
    expect(body.calls).toEqual([
      expect.objectContaining({ from: 'backend', to: 'hallpass', operation: 'visitor.guest', status: 200 }),
    ])
    expect(text).not.toMatch(/hprt_/)
  })

  test('403 for a used ticket and for an invalid one', async () => {
    const embed_ticket = await mintTicket()
    await replay({ embed_ticket })
    for (const used of [embed_ticket, 'not a ticket']) {
      const { status, body } = await replay({ embed_ticket: used })
      expect([status, body.refusal.reason, body.calls.length]).toEqual([403, 'origin_not_allowed', 1])
    }
  })

  test.each([{}, { embed_ticket: '' }, { embed_ticket: 'x'.repeat(4097) }])('400 for %o', async (body) => {
    const answer = await replay(body)
    expect([answer.status, answer.body.refusal.reason, answer.body.calls]).toEqual([400, 'malformed_request', []])
  })
})
