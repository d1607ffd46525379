import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

const ipv6PrefixGroups = 4

/** The part of an address that limits count by: an IPv4 address, or the /64 of an IPv6 one. Some proxies add the port. */
export function addressBucket(forwarded: string): string {
  const address = withoutPort(forwarded)
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(isIPv6(address) ? inHexadecimal(address) : address)
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, ipv6PrefixGroups).map(hex).join(':')}::/64`
  return parsed.toString()
}

/** The address of `192.0.2.1:443`, `[2001:db8::1]:443` and `[2001:db8::1]`. */
function withoutPort(text: string): string {
  const [, v6, v4] = /^(?:\[([^\]]*:[^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/.exec(text) ?? []
  return v6 ?? v4 ?? text
}

/** Without a zone, and without a dotted tail, which ipaddr takes for IPv4 also where it is not (`::192.0.2.1`). */
function inHexadecimal(address: string): string {
  const [withoutZone] = address.split('%')
  return new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
}

const hex = (group: number) => group.toString(16)
