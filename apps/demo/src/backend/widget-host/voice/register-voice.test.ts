import { createHallpassClient } from '@hallpass/client'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoFolder } from '../../../testing/demo-folder.js'
import { post, startDemo, type TestDemo } from '../../../testing/start-demo.js'
import { registerVoice } from './register-voice.js'

let demo: TestDemo
let now = Date.parse('2026-11-21T08:00:00Z')
const app = fastify()
let url: string
beforeAll(async () => {
  // these tests don't need the built pages
  demo = await startDemo({ webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` })
  registerVoice(app, { addresses: demo, secretKey: demo.shop.processorKey, now: () => now })
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await demo.stop()
})

const exhibit = 'skerry-light'

async function mint(resource: string = exhibit): Promise<string> {
  const hallpass = createHallpassClient({ baseUrl: demo.hallpassUrl, apiKey: demo.shop.secretKey })
  const claims = { voice: 'sage', max_minutes: 2 } as const
  return (await hallpass.kinds.mint({ kind: 'voice-guide', subject: 'user_42', resource, claims })).token
}

describe('POST /api/voice/start', () => {
  test('200 with the voice of the token, whose only use it takes', async () => {
    const token = await mint()
    const { status, body } = await post(`${url}/api/voice/start`, { token, exhibit })
    expect([status, body.answer]).toMatchObject([200, { voice: 'sage', max_minutes: 2, uses_left: 0 }])
    expect(body.calls).toMatchObject([{ from: 'widget-host', to: 'hallpass', operation: 'kinds.redeem' }])
    const again = await post(`${url}/api/voice/start`, { token, exhibit })
    expect([again.status, again.body.refusal.reason]).toEqual([422, 'token_already_used'])
  })

  test('422 for a token of another exhibit, which stays unused', async () => {
    const token = await mint('diving-bell')
    const { status, body } = await post(`${url}/api/voice/start`, { token, exhibit })
    expect([status, body.refusal.reason]).toEqual([422, 'token_wrong_resource'])
    // it is for an exhibit without a guide, but Hallpass accepts it there
    const there = await post(`${url}/api/voice/start`, { token, exhibit: 'diving-bell' })
    expect([there.status, there.body.refusal.message]).toEqual([404, 'This exhibit has no guide.'])
  })
})

describe('POST /api/voice/ask', () => {
  test('200 until the minutes of the token are over, then 404', async () => {
    const { body } = await post(`${url}/api/voice/start`, { token: await mint(), exhibit })
    const question = { call_id: body.answer.call_id, question: body.answer.questions[0] }
    now += 119_999
    expect(await post(`${url}/api/voice/ask`, question)).toMatchObject({
      status: 200,
      body: { answer: { line: expect.stringMatching(/\w/) } },
    })
    now += 1
    expect(await post(`${url}/api/voice/ask`, question)).toMatchObject({
      status: 404,
      body: { refusal: { reason: 'call_over' } },
    })
  })

  test('404 for an unknown call', async () => {
    const question = { call_id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11', question: 'How does it work?' }
    expect((await post(`${url}/api/voice/ask`, question)).status).toBe(404)
  })
})
