import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { writeResponse } from './response.js'

const bodies = ['plain', 'naïve – 日本', '']

/** What one connection gets for requests of one packet. */
async function pipeline(requests: readonly string[]): Promise<string> {
  const app = fastify()
  app.addHook('onRequest', (request, _reply, done) => {
    const isLast = () => request.url === `/${bodies.length - 1}`
    const times = { receivedAt: 0, arrivedAt: 0, requestId: 'r' }
    request.inbound = { ...times, headers: { get: () => undefined, count: () => 0 }, echo: [], address: '', isLast }
    done()
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/:index',
    exposeHeadRoute: false,
    handler(request, reply) {
      const { index } = request.params as { index: string }
      return writeResponse(request, reply, { status: 200, headers: {}, body: bodies[Number(index)] ?? '' })
    },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  let received = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
  })
  socket.write(requests.map((line) => `${line} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''))
  await once(socket, 'close')
  return received.toString()
}

test('responses of one connection have their bodies and lengths, whatever the text', async () => {
  const received = await pipeline(['HEAD /1', 'GET /0', 'GET /1', 'GET /2'])
  const responses = received.split('HTTP/1.1 200 OK\r\n').slice(1)
  const lengthOf = (response: string) => /content-length: (\d+)/.exec(response)?.[1]
  const bodyOf = (response: string) => response.slice(response.indexOf('\r\n\r\n') + 4)
  expect(responses.map(lengthOf)).toEqual(['17', '5', '17', '0'])
  expect(responses.map(bodyOf)).toEqual(['', ...bodies])
})
