import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

const ipv6PrefixGroups = 4

/** The part of an address that limits count by: an IPv4 address, or the /64 of an IPv6 one. */
export function addressBucket(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(isIPv6(address) ? inHexadecimal(address) : address)
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, ipv6PrefixGroups).map(hex).join(':')}::/64`
  return parsed.toString()
}

/** Without a zone, and without a dotted tail, which ipaddr takes for IPv4 also where it is not (`::192.0.2.1`). */
function inHexadecimal(address: string): string {
  const [withoutZone] = address.split('%')
  return new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
}

const hex = (group: number) => group.toString(16)
