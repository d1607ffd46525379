import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { touchLru } from './touch-lru.js'

/** A range of addresses that limits count as one caller, and how many times a single caller's limit it gets. */
export interface AddressBucket {
  readonly name: string
  readonly factor: number
}

/**
 * A single caller usually has a /64. Providers often give a customer a /56 or a /48, which contains 65,536 of those.
 * These ranges share a few times the limit, so that one customer can't get a fresh limit for each /64, and neighbors
 * rarely affect one another.
 */
const ipv6Prefixes = [
  { bits: 64, factor: 1 },
  { bits: 56, factor: 4 },
  { bits: 48, factor: 16 },
] as const

const groupBits = 16
const unknown: readonly AddressBucket[] = [{ name: 'unknown', factor: 1 }]

/** A few callers make most calls. Parsing an address took 3 % of a call. */
const newest = new Map<string, readonly AddressBucket[]>()
const mostAddresses = 1_000

/**
 * The ranges that an address counts against: an IPv4 address by itself, an IPv6 address by its /64, /56 and /48. Some
 * proxies add the port.
 */
export function addressBuckets(forwarded: string): readonly AddressBucket[] {
  const known = newest.get(forwarded)
  if (known) return known
  const buckets = bucketsOf(forwarded)
  touchLru(newest, forwarded, buckets, mostAddresses)
  return buckets
}

function bucketsOf(forwarded: string): readonly AddressBucket[] {
  const address = withoutPort(forwarded)
  if (!ipaddr.isValid(address)) return unknown
  const parsed = ipaddr.process(isIPv6(address) ? inHexadecimal(address) : address)
  if (!(parsed instanceof ipaddr.IPv6)) return [{ name: parsed.toString(), factor: 1 }]
  return ipv6Prefixes.map(({ bits, factor }) => ({ name: prefixOf(parsed.parts, bits), factor }))
}

/** The first bits of an address, written as a network such as `2001:db8:0:0::/64`. */
function prefixOf(groups: readonly number[], bits: number): string {
  const kept = groups.slice(0, Math.ceil(bits / groupBits))
  const droppedBits = kept.length * groupBits - bits
  const last = kept.pop() ?? 0
  return `${[...kept, (last >> droppedBits) << droppedBits].map(hex).join(':')}::/${bits}`
}

/** The address of `192.0.2.1:443`, `[2001:db8::1]:443` and `[2001:db8::1]`. */
export function withoutPort(text: string): string {
  const [, v6, v4] = /^(?:\[([^\]]*:[^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/.exec(text) ?? []
  return v6 ?? v4 ?? text
}

/** Without a zone, and without a dotted ending, which ipaddr takes for IPv4 even if it isn't (`::192.0.2.1`). */
function inHexadecimal(address: string): string {
  const [withoutZone] = address.split('%')
  return new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
}

const hex = (group: number) => group.toString(16)
