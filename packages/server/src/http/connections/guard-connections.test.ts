import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import {
  answer,
  closeAll,
  connectionCount,
  dial,
  get,
  isEnded,
  isServed,
  listen,
  quick,
} from '../../testing/guarded-server.js'

afterEach(closeAll)

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
    await expect.poll(connectionCount).toBe(1)
    await expect.poll(() => received).toBeGreaterThan(slices * slice.length)
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
