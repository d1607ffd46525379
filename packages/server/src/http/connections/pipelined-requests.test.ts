import { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { closeAll, dial, get, listen, quick } from '../../testing/guarded-server.js'

afterEach(closeAll)

describe('many requests on one connection', () => {
  test('a packet of 500 requests is handled a few at a time, and all are answered in order', async () => {
    let inProgress = 0
    let most = 0
    const port = await listen((request, response) => {
      most = Math.max(most, ++inProgress)
      setImmediate(() => response.end(`${request.url};`, () => inProgress--))
    })
    const socket = await dial(port)
    const paths = Array.from({ length: 500 }, (_, index) => `/${index}`)
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.write(paths.map(get).join(''))
    await expect.poll(() => text.endsWith(`${paths.at(-1)};`) || text.slice(-60)).toBe(true)
    expect([...text.matchAll(/(\/\d+);/g)].map(([, path]) => path)).toEqual(paths)
    expect(most).toBeLessThanOrEqual(quick.unansweredRequests)
  })

  test.each([
    ['without a Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['with an unknown expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n'],
  ])('those %s also wait behind an unanswered one', async (_what, request) => {
    const port = await listen(() => {})
    const parsed = { count: 0 }
    const assign = ServerResponse.prototype.writeHead
    ServerResponse.prototype.writeHead = function (this: ServerResponse, ...head: Parameters<typeof assign>) {
      parsed.count++
      return assign.apply(this, head)
    } as typeof assign
    try {
      const socket = await dial(port)
      socket.write(get() + request.repeat(1_000))
      await expect.poll(() => parsed.count).toBeGreaterThan(0)
      await delay(50)
      expect(parsed.count).toBeLessThanOrEqual(quick.unansweredRequests)
    } finally {
      ServerResponse.prototype.writeHead = assign
    }
  })

  test('a caller is served beside 20 connections of 1,000 requests each', async () => {
    let handled = 0
    let before: number | undefined
    const port = await listen((request, response) => {
      handled++
      if (request.url === '/caller') before = handled
      response.end()
    })
    const flood = await Promise.all(Array.from({ length: 20 }, () => dial(port)))
    const caller = await dial(port)
    for (const socket of flood) socket.resume().write(get().repeat(1_000))
    await expect.poll(() => handled, { interval: 1 }).toBeGreaterThan(0)
    caller.write(get('/caller'))
    const sent = handled
    await expect.poll(() => before).toBeDefined()
    expect((before ?? 0) - sent).toBeLessThan(2_000)
  })

  test('a body in many pieces behind other requests is read completely', async () => {
    const port = await listen((request, response) => {
      let length = 0
      request.on('data', (piece: Buffer) => (length += piece.length)).on('end', () => response.end(`${length};`))
    })
    const socket = await dial(port)
    const body = 'x'.repeat(50_000)
    const post = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.write(post.repeat(20))
    await expect.poll(() => text.match(/50000;/g)?.length).toBe(20)
  })
})
