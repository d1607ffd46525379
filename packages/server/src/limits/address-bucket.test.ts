import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBuckets } from './address-bucket.js'
import { createSlidingWindow } from './sliding-window.js'

/** The narrowest range of addresses that is counted as one. */
const addressBucket = (address: string) => addressBuckets(address)[0]?.name

describe('addressBuckets', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::192.0.2.1', '0:0:0:0::/64'],
    ['::0:0.0.0.0', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', 'unknown'],
    ['unix:', 'unknown'],
    ['shop.example', 'unknown'],
    ['192.0.2.1:443', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['[2001:db8::1]', '2001:db8:0:0::/64'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['192.0.2.1:', 'unknown'],
    ['192.0.2.1:port', 'unknown'],
    ['[192.0.2.1]:443', 'unknown'],
    ['[2001:db8::1', 'unknown'],
    ['[shop.example]:443', 'unknown'],
  ])('%s counts as %s', (address, bucket) => {
    expect(addressBucket(address)).toBe(bucket)
  })

  test('all addresses of a /64 count as one, and no others', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (a, b) => {
        const network = (address: string) => new URL(`http://[${address}]`).hostname
        fc.pre(!network(a).startsWith('[::ffff:') && !network(b).startsWith('[::ffff:'))
        const prefix = (address: string) => expand(network(address).slice(1, -1)).slice(0, 4).join(':')
        expect(addressBucket(a) === addressBucket(b)).toBe(prefix(a) === prefix(b))
      }),
      { examples: [['::0:0.0.0.0', '::0.0.0.0']] },
    )
  })

  test('every IPv4 address counts separately', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => addressBucket(address) === address))
  })

  test('a port makes no difference', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.nat(65_535), (v4, v6, port) => {
        expect(addressBucket(`${v4}:${port}`)).toBe(addressBucket(v4))
        expect(addressBucket(`[${v6}]:${port}`)).toBe(addressBucket(v6))
      }),
    )
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof addressBucket(text) === 'string'))
  })

  test('an IPv6 address counts by its /64, /56 and /48, an IPv4 address by itself', () => {
    expect(addressBuckets('2001:db8:12:3456::1')).toEqual([
      { name: '2001:db8:12:3456::/64', factor: 1 },
      { name: '2001:db8:12:3400::/56', factor: 4 },
      { name: '2001:db8:12::/48', factor: 16 },
    ])
    expect(addressBuckets('192.0.2.1')).toEqual([{ name: '192.0.2.1', factor: 1 }])
    expect(addressBuckets('nonsense')).toEqual([{ name: 'unknown', factor: 1 }])
  })

  test('two IPv6 addresses share a prefix exactly when its bits are equal', () => {
    const groups = fc.array(fc.constantFrom(0, 1, 0xff, 0x100, 0x1ff, 0xffff), { minLength: 4, maxLength: 4 })
    const bitsOf = (prefix: readonly number[]) => prefix.map((group) => group.toString(2).padStart(16, '0')).join('')
    const written = (prefix: readonly number[]) => `2001${prefix.map((group) => `:${group.toString(16)}`).join('')}::1`
    fc.assert(
      fc.property(groups, groups, (a, b) => {
        const [ofA, ofB] = [addressBuckets(written(a)), addressBuckets(written(b))]
        for (const [index, bits] of [64, 56, 48].entries()) {
          const isShared = bitsOf(a).slice(0, bits - 16) === bitsOf(b).slice(0, bits - 16)
          expect(ofA[index]?.name === ofB[index]?.name).toBe(isShared)
        }
      }),
    )
  })

  test('all of a /48 gets at most 16 times the limit, and all of a /56 at most 4 times', () => {
    const within48 = fc.record({ subnet: fc.nat(0xffff), host: fc.nat(0xffff) })
    fc.assert(
      fc.property(
        fc.array(within48, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 3 }),
        (sweep, limit) => {
          const window = createSlidingWindow({ now: () => 0 })
          const passed = sweep.filter(({ subnet, host }) => {
            const buckets = addressBuckets(`2001:db8:1:${subnet.toString(16)}::${host.toString(16)}`)
            const meters = buckets.map(({ name, factor }) => ({
              key: name,
              quota: { limit: limit * factor, windowSeconds: 60 },
            }))
            return window.consume(meters)?.allowed
          })
          expect(passed.length).toBeLessThanOrEqual(16 * limit)
          const most = (of: (subnet: number) => number) =>
            Math.max(0, ...passed.map((one) => passed.filter((other) => of(other.subnet) === of(one.subnet)).length))
          expect(most((subnet) => subnet >> 8)).toBeLessThanOrEqual(4 * limit)
          expect(most((subnet) => subnet)).toBeLessThanOrEqual(limit)
          // a neighbor of the whole /48 keeps its own limit
          const [own] = addressBuckets('2001:db8:2::1')
          expect(window.consume([{ key: own?.name ?? '', quota: { limit, windowSeconds: 60 } }])?.allowed).toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })
})

/** The eight groups of an address as URL writes it. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  if (tail === undefined) return groups(head)
  const missing = 8 - groups(head).length - groups(tail).length
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
}
