import { once } from 'node:events'
import { type RequestListener, type Server, ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type ConnectionLimits, connectionLimits } from './connection-limits.js'
import { guardConnections } from './guard-connections.js'
import { isProxyOf } from './is-proxy.js'

const quick: ConnectionLimits = {
  ...connectionLimits,
  connections: 100,
  headersTimeout: 300,
  requestTimeout: 600,
  unreadTimeout: 400,
  lingerTimeout: 100,
  checkInterval: 50,
}

const open: Socket[] = []
let server: Server | undefined
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
  server?.closeAllConnections()
  await new Promise((closed) => server?.close(closed) ?? closed(undefined))
  server = undefined
})

async function listen(
  handler: RequestListener,
  limits: Partial<ConnectionLimits> = {},
  trustProxy: Parameters<typeof isProxyOf>[0] = false,
): Promise<number> {
  const guard = guardConnections({
    limits: { ...quick, ...limits },
    isProxy: isProxyOf(trustProxy),
    log: { warn: () => {} },
  })
  server = guard.createServer(handler).listen(0, '0.0.0.0')
  server.on('clientError', (_error, socket: Socket) => guard.refuse(socket, '400 Bad Request'))
  await once(server, 'listening')
  // a server that listens on a port has an address of this type
  return (server.address() as AddressInfo).port
}

async function dial(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true })
  socket.on('error', () => {})
  open.push(socket)
  await once(socket, 'connect')
  return socket
}

const answer: RequestListener = (request, response) => {
  request.resume()
  response.end(request.url)
}
const get = (path = '/') => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Whether the server closes the connection within this time. */
async function isEnded(socket: Socket, timeout = 10_000): Promise<boolean> {
  socket.resume()
  const ended = Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => {})
  return Promise.race([ended.then(() => true), delay(timeout, false, { ref: false })])
}

/** Whether a caller gets a response on a new connection from this address. */
async function isServed(port: number, localAddress?: string): Promise<boolean> {
  const socket = await dial(port, localAddress)
  socket.write(get())
  const served = await Promise.race([
    once(socket, 'data').then(([bytes]) => String(bytes).startsWith('HTTP/1.1 200')),
    once(socket, 'close').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return served
}

const connectionCount = () =>
  new Promise<number>((resolve) => server?.getConnections((_error, count) => resolve(count)))

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
    await expect.poll(() => text.endsWith(`${paths.at(-1)};`) || text.slice(-60), { timeout: 10_000 }).toBe(true)
    expect([...text.matchAll(/(\/\d+);/g)].map(([, path]) => path)).toEqual(paths)
    // and the requests that one slice may contain
    expect(most).toBeLessThanOrEqual(quick.unansweredRequests + Math.ceil(quick.sliceBytes / get('/0').length))
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
      expect(parsed.count).toBeLessThanOrEqual(quick.unansweredRequests + Math.ceil(quick.sliceBytes / request.length))
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

describe('time', () => {
  const header = 'POST / HTTP/1.1\r\nHost: x\r\n'
  const parts = [
    '',
    'GET /he',
    header,
    `${header}Content-Length: 100\r\n\r\n{`,
    `${header}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
    `${header}Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n`,
  ]
  test('a connection with no request or half of one is closed, even if bytes keep coming', async () => {
    const port = await listen(answer)
    const endings = parts.flatMap((text) =>
      [false, true].map(async (goesOn) => {
        const socket = await dial(port)
        socket.write(text)
        const drip = setInterval(() => goesOn && text !== '' && socket.write('a'), 40)
        const ended = await isEnded(socket)
        clearInterval(drip)
        return { text, goesOn, ended }
      }),
    )
    expect((await Promise.all(endings)).filter(({ ended }) => !ended)).toEqual([])
  })

  test('a used connection may wait much longer for its next request', async () => {
    const port = await listen(answer)
    const socket = await dial(port)
    socket.write(get())
    await once(socket, 'data')
    expect(await isEnded(socket, 2 * quick.headersTimeout)).toBe(false)
    socket.write(get('/again'))
    expect(String((await once(socket, 'data'))[0])).toContain('/again')
  })

  test('a refused peer that never closes its side is disconnected', async () => {
    const port = await listen(answer)
    const socket = await dial(port)
    socket.resume().write('nonsense\r\n\r\n')
    await expect.poll(connectionCount).toBe(0)
  })

  test('an unread response ends with its connection, but a slow reader gets all of it', async () => {
    const slice = Buffer.alloc(32_768)
    const slices = 400
    const port = await listen(
      (_request, response) => {
        let left = slices
        const write = () => {
          while (left-- > 0) if (!response.write(slice)) return void response.once('drain', write)
          response.end()
        }
        write()
      },
      { unreadTimeout: 1_500 },
    )
    const [deaf, slow] = [await dial(port), await dial(port)]
    let received = 0
    slow.on('data', (bytes: Buffer) => {
      received += bytes.length
      slow.pause()
      setTimeout(() => slow.resume(), 5)
    })
    deaf.pause().write(get())
    slow.write(get())
    await expect.poll(connectionCount, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => received, { timeout: 20_000 }).toBeGreaterThan(slices * slice.length)
  })
})

describe('memory', () => {
  test('when bodies take too much memory, the largest are closed and a caller is served', async () => {
    const port = await listen(answer, { heldBytes: 1_000_000, requestTimeout: 10_000 })
    const post = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n`
    const large = await Promise.all(Array.from({ length: 30 }, () => dial(port)))
    const small = await Promise.all(Array.from({ length: 5 }, () => dial(port)))
    for (const socket of large) socket.write(post + 'x'.repeat(60_000))
    for (const socket of small) socket.write(`${post}x`)
    await expect.poll(connectionCount).toBeLessThan(20)
    expect(await isServed(port)).toBe(true)
    await delay(150)
    expect(small.filter(({ readyState }) => readyState === 'open')).toHaveLength(5)
  })
})

describe('many connections', () => {
  test('idle ones are closed to make room for the next caller', async () => {
    const port = await listen(answer, { connections: 32, headersTimeout: 60_000, requestTimeout: 60_000 })
    for (let count = 0; count < 100; count++) await dial(port)
    expect(await isServed(port)).toBe(true)
    expect(await connectionCount()).toBeLessThanOrEqual(32)
  })

  test('those whose requests or responses make no progress are closed too', async () => {
    const limits = { connections: 32, headersTimeout: 60_000, requestTimeout: 60_000, unreadTimeout: 60_000 }
    const port = await listen((_request, response) => response.end(Buffer.alloc(10_000_000)), limits)
    for (let count = 0; count < 15; count++) {
      ;(await dial(port)).write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n')
      ;(await dial(port)).pause().write(get())
    }
    await delay(1_200)
    for (let count = 0; count < 40; count++) await dial(port)
    expect(await isServed(port)).toBe(true)
  })

  test.each([
    ['an address', false as const, false],
    ['a proxy', ['127.0.0.1/32'], true],
  ])('those of %s that has the most are closed first, unless it is a proxy', async (_what, trustProxy, isProxy) => {
    const limits = { connections: 32, headersTimeout: 60_000, requestTimeout: 60_000 }
    const port = await listen(answer, limits, trustProxy)
    const others = [await dial(port, '127.0.0.2'), await dial(port, '127.0.0.2')]
    for (const socket of others) socket.resume()
    for (let count = 0; count < 29; count++) await dial(port)
    await delay(50)
    // the two connections of the other address are the oldest
    expect(others.every(({ readyState }) => readyState === 'open')).toBe(!isProxy)
  })
})
