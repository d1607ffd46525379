import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revoke } from '../system/support/fixtures/mint.js'
import { bearer } from '../system/support/servers/in-process-server.js'
import { gateways } from './gateways.js'
import { type Prepared, prepareAll } from './prepare-tokens.js'
import { isInstalled, type RunningGateway, startGateway } from './start-gateway.js'

/* Gateways in front of an app, configured as docs/verify/gateways.md says. */

let prepared: Prepared
beforeAll(async () => {
  prepared = await prepareAll(['ES256', 'RS256'])
})
afterAll(() => prepared.stop())

for (const { recipe } of gateways.filter((gateway) => !isInstalled(gateway))) {
  process.stderr.write(`Skipped ${recipe}: run scripts/install-verifiers.sh.\n`)
}

const cases = gateways.flatMap((gateway) => gateway.algorithms.map((algorithm) => ({ ...gateway, algorithm })))
describe.each(cases)('$recipe with $algorithm', (gateway) => {
  describe.skipIf(!isInstalled(gateway))('in front of an app', () => {
    let running: RunningGateway
    beforeAll(async () => {
      running = await startGateway(gateway, prepared.server(gateway.algorithm).url)
    })
    afterAll(() => running?.stop())
    const statusOf = async (token: string) => (await running.get(bearer(token))).status

    test('passes a token for its audience on, and no other', async () => {
      const { good, refused } = prepared.tokens(gateway.algorithm, 'JWT')
      expect(await statusOf(good)).toBe(200)
      const statuses: Record<string, number> = {}
      for (const [what, token] of Object.entries(refused)) statuses[what] = await statusOf(token)
      expect(statuses).toEqual(Object.fromEntries(Object.keys(refused).map((what) => [what, 401])))
      expect(await statusOf(good)).toBe(200)
    })

    test('401 without a token, and with one that is no bearer token', async () => {
      expect((await running.get({})).status).toBe(401)
      expect((await running.get({ Authorization: 'Basic YTpi' })).status).toBe(401)
      expect((await running.get({ Authorization: 'Bearer' })).status).toBe(401)
      expect(await statusOf('not.a.token')).toBe(401)
      expect(await statusOf('a&token=b')).toBe(401)
    })

    test('tells the app the visitor of the token, whatever the caller claims', async () => {
      const { good } = prepared.tokens(gateway.algorithm, 'JWT')
      const { sub: visitor, account_id: account } = decodeJwt(good)
      const spoofed = { 'X-Visitor-Id': 'someone-else', 'X-Account-Id': 'another', 'OIDC-CLAIM-sub': 'someone-else' }
      expect(await (await running.get({ ...bearer(good), ...spoofed })).json()).toEqual({ visitor, account })
    })

    test('keeps no token in its logs and its cache', async () => {
      const { good } = prepared.tokens(gateway.algorithm, 'JWT')
      expect(await statusOf(good)).toBe(200)
      const signature = good.split('.')[2] ?? ''
      const files = running.files()
      expect(files.filter(({ content }) => content.includes(signature)).map(({ name }) => name)).toEqual([])
    })

    test.runIf(gateway.introspects)('401 once a token was revoked and its answer is no longer cached', async () => {
      const token = await prepared.mint(gateway.algorithm, 'JWT')
      expect(await statusOf(token)).toBe(200)
      await revoke(prepared.server(gateway.algorithm), token)
      await expect.poll(() => statusOf(token), { timeout: 30_000, interval: 200 }).toBe(401)
    })

    test.runIf(gateway.introspects)('refuses every token if Hallpass does not respond', async () => {
      const alone = await startGateway(gateway, 'http://127.0.0.1:1')
      const { good } = prepared.tokens(gateway.algorithm, 'JWT')
      const { status } = await alone.get(bearer(good)).finally(alone.stop)
      expect([401, 500]).toContain(status)
    })
  })
})
