import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBucket } from './address-bucket.js'

describe('addressBucket', () => {
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

  test('every address of one /64 counts as one, and no other does', () => {
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

  test('every IPv4 address counts for itself', () => {
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
})

/** The eight groups of an address as URL writes it. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  if (tail === undefined) return groups(head)
  const missing = 8 - groups(head).length - groups(tail).length
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
}
