import { generateKeyPairSync, sign } from 'node:crypto'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { readInbound } from './inbound.js'
import { secretScanningPath } from './known-paths.js'
import { registerSecretScanning } from './secret-scanning.js'

test('401 for an unsigned report, before its matches are looked up', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const asked: string[] = []
  let reports = 0
  const app = fastify()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.removeContentTypeParser('application/json')
  app.decorateRequest('refusal', undefined)
  app.addHook('onRequest', async (request) => {
    request.inbound = readInbound(request, { clock: systemClock, elapsed: () => 0, isStopping: () => false })
  })
  registerSecretScanning(app, {
    keys: {
      find: async (identifier) => {
        asked.push(identifier)
        return identifier === 'good' ? publicKey : undefined
      },
    },
    report: async () => {
      reports++
      return []
    },
  })
  const body = JSON.stringify([{ token: 'sk_test_1', type: 't' }])
  const good = sign('sha256', Buffer.from(body), privateKey).toString('base64')
  const send = async (identifier: string, signature: string) => {
    const headers = { 'github-public-key-identifier': identifier, 'github-public-key-signature': signature }
    return (await app.inject({ method: 'POST', url: secretScanningPath, headers, body })).statusCode
  }
  expect(await send('other', good)).toBe(401)
  expect(await send('good', `${good.slice(0, -8)}AAAAAAA=`)).toBe(401)
  expect(await send('x'.repeat(129), good)).toBe(401)
  expect({ asked, reports }).toEqual({ asked: ['other', 'good'], reports: 0 })
  expect(await send('good', good)).toBe(200)
  expect(reports).toBe(1)
})
