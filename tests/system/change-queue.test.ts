import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { paths } from './support/fixtures/mint.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'

test('changes of an account run one after another, and its other calls do not wait for them', async () => {
  let begun = Number.NaN
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  const server = await assembleServer({
    wrap: (store) => ({
      ...store,
      transaction: async (run) => {
        if (++begun === 1) await isReleased
        return store.transaction(run)
      },
    }),
  })
  // starting a server runs transactions too
  begun = 0
  const change = () => server.call('/v1/admin/customers', { headers: bearer(hostKey), body: { id: randomUUID() } })
  const changes = [change(), change()]
  await expect.poll(() => begun).toBe(1)
  const headers = { ...bearer(hostKey), 'idempotency-key': 'no administration' }
  const mint = await server.call(paths.bridge, { headers, body: { customer_id: acme.customer } })
  expect(mint.status).toBe(200)
  // the first change and the mint, while the second change waits
  expect(begun).toBe(2)
  release()
  expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200])
  expect(begun).toBe(3)
  await server.stop()
})
