import { describe, expect, test } from 'vitest'
import { keepStreams, type OpenStream, streamLimitsFor } from './open-streams.js'

const open = (streams: ReturnType<typeof keepStreams>, account: string, address: string): OpenStream => {
  const stream = streams.open(account, address)
  if (!stream) throw new Error('too many streams')
  stream.body.resume()
  return stream
}
const ended = (stream: OpenStream) => new Promise((resolve) => stream.body.once('close', resolve))

describe('streams beyond their limits', () => {
  test('an address gets only its share, until it closes one', async () => {
    const streams = keepStreams({ streams: 10, perAccount: 10, perAddress: 2 })
    const first = open(streams, 'acme', '1.1.1.1')
    open(streams, 'acme', '1.1.1.1')
    expect(streams.open('acme', '1.1.1.1')).toBeUndefined()
    expect(streams.open('acme', '2.2.2.2')).toBeDefined()
    first.body.destroy()
    await ended(first)
    expect(streams.open('acme', '1.1.1.1')).toBeDefined()
  })

  test.each([
    ['an account', { streams: 10, perAccount: 3, perAddress: 3 }],
    ['the server', { streams: 3, perAccount: 3, perAddress: 3 }],
  ])('if %s is full, the address with the most streams loses its oldest to a newcomer', async (_, limits) => {
    const streams = keepStreams(limits)
    const oldest = open(streams, 'acme', '1.1.1.1')
    const others = [open(streams, 'acme', '1.1.1.1'), open(streams, 'acme', '1.1.1.1')]
    const closed = ended(oldest)
    const newcomer = open(streams, 'acme', '2.2.2.2')
    await closed
    expect([...streams.ofAccount('acme')]).toEqual([...others, newcomer])
  })

  test('an address never loses a stream to one that would then have as many', () => {
    const streams = keepStreams({ streams: 2, perAccount: 2, perAddress: 2 })
    open(streams, 'acme', '1.1.1.1')
    open(streams, 'acme', '2.2.2.2')
    expect(streams.open('acme', '3.3.3.3')).toBeUndefined()
    expect(streams.open('acme', '1.1.1.1')).toBeUndefined()
  })

  test('reports how many are open, however they end', async () => {
    const counts: number[] = []
    const streams = keepStreams({ streams: 2, perAccount: 2, perAddress: 2 }, (count) => counts.push(count))
    const first = open(streams, 'acme', '1.1.1.1')
    const second = open(streams, 'acme', '1.1.1.1')
    const closed = ended(first)
    open(streams, 'acme', '2.2.2.2')
    await closed
    second.body.destroy()
    await ended(second)
    expect(counts.at(-1)).toBe(1)
    expect(counts.slice(0, 4)).toEqual([1, 2, 1, 2])
  })

  test('streams take at most a quarter of the connections', () => {
    expect(streamLimitsFor(16)).toEqual({ streams: 4, perAccount: 2, perAddress: 1 })
    expect(streamLimitsFor(100_000)).toEqual({ streams: 2_000, perAccount: 1_000, perAddress: 64 })
  })
})
