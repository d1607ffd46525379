import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoFolder } from '../../testing/demo-folder.js'
import { post, startDemo, type TestDemo } from '../../testing/start-demo.js'
import { askHallpass } from './ask-hallpass.js'

let demo: TestDemo
beforeAll(async () => {
  // these tests don't need the built pages
  demo = await startDemo({ webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` })
})
afterAll(() => demo.stop())

test("502 when Hallpass rejects the backend's own key, which no page can renew", async () => {
  const asker = { hallpassUrl: demo.hallpassUrl, secretKey: 'sk_test_gone', as: 'widget-host' } as const
  const { status, body } = await askHallpass(asker, (hallpass) => hallpass.tokens.introspect({ token: 'x' }))
  expect([status, body]).toMatchObject([502, { refusal: { reason: 'unauthenticated' } }])
})

test('401 for an ended session, which the widget renews', async () => {
  const { status } = await post(`${demo.widgetsUrl}/api/own/rating`, { stars: 5 }, { Authorization: 'Bearer over' })
  expect(status).toBe(401)
})
