import type { Operations, OutputOf } from '@hallpass/contracts'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, mintCardToken } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { type Received, startReceiver } from './support/servers/webhook-receiver.js'
import { withServer } from './support/servers/with-server.js'

type Webhook = OutputOf<Operations['admin.webhooks.create']>

const server = withServer({ fixture: fixtureWithHost, config: { localIssuers: true } })
let receiver: Awaited<ReturnType<typeof startReceiver>>
/** What one endpoint received: with its first secret, and then during the overlap of a rotation. */
let before: Received
let during: Received
const secrets = { first: '', second: '' }
beforeAll(async () => {
  const admin = administer(server)
  receiver = await startReceiver()
  const input = { url: receiver.url, event_types: ['token.minted'] }
  const created = await bodyOf<Webhook>(await admin.post('webhooks', input))
  await mintCardToken(server)
  await receiver.waitFor(1)
  const rotated = await bodyOf<Webhook>(await admin.post(`webhooks/${created.id}/rotate_secret`, {}))
  await mintCardToken(server)
  const [one, two] = await receiver.waitFor(2)
  if (!one || !two) throw new Error('two deliveries are needed')
  before = one
  during = two
  secrets.first = created.secret
  secrets.second = rotated.secret
})
afterAll(() => receiver.stop())

type Message = Pick<Received, 'body'> & { readonly headers: Record<string, string> }
const messageOf = ({ headers, body }: Received): Message => ({ headers: headers as Record<string, string>, body })
const withHeader = (message: Message, name: string, value: string): Message => ({
  ...message,
  headers: { ...message.headers, [name]: value },
})

describe('the trace of a decision', () => {
  const sent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  test('goes on in its webhooks', async () => {
    await server.get(cardPath(acme.activeCard, 'REVEAL'), { ...bearer(acme.key), traceparent: sent })
    const [, , received] = await receiver.waitFor(3)
    expect(received?.headers.traceparent).toBe(sent)
  })

  test('is left out if there is none', () => {
    expect(before.headers).not.toHaveProperty('traceparent')
  })
})

describe.each([
  ['standardwebhooks', (secret: string) => new StandardWebhook(secret)],
  ['svix', (secret: string) => new SvixWebhook(secret)],
])('%s', (_, open) => {
  const verify = (secret: string, { headers, body }: Message) => open(secret).verify(body, headers)

  test('accepts a delivery', () => {
    expect(verify(secrets.first, messageOf(before))).toEqual(before.event)
    expect(before.event.type).toBe('token.minted')
  })

  test('accepts a delivery by either secret during a rotation', () => {
    expect(verify(secrets.first, messageOf(during))).toEqual(during.event)
    expect(verify(secrets.second, messageOf(during))).toEqual(during.event)
  })

  test('refuses a delivery from before the rotation by the new secret', () => {
    expect(() => verify(secrets.second, messageOf(before))).toThrow('No matching signature found')
  })

  test.each<[string, (message: Message) => Message]>([
    ['its first byte', (message) => ({ ...message, body: `[${message.body.slice(1)}` })],
    ['its last byte', (message) => ({ ...message, body: `${message.body.slice(0, -1)}]` })],
    [
      'a digit in it',
      (message) => ({ ...message, body: message.body.replace(/\d/, (digit) => `${9 - Number(digit)}`) }),
    ],
    ['its length', (message) => ({ ...message, body: `${message.body} ` })],
    ['its id', (message) => withHeader(message, 'webhook-id', `${message.headers['webhook-id']}0`)],
    [
      'its timestamp',
      (message) => withHeader(message, 'webhook-timestamp', `${Number(message.headers['webhook-timestamp']) + 1}`),
    ],
    [
      'its signatures',
      (message) =>
        withHeader(
          message,
          'webhook-signature',
          String(message.headers['webhook-signature']).replaceAll('v1,', 'v1,AAAA'),
        ),
    ],
  ])('refuses a delivery after a change of %s', (__, change) => {
    for (const secret of [secrets.first, secrets.second]) {
      expect(() => verify(secret, change(messageOf(during)))).toThrow('No matching signature found')
    }
  })
})
