import ipaddr from 'ipaddr.js'

const ipv6PrefixGroups = 4

/** The part of an address that limits count by: an IPv4 address, or the /64 of an IPv6 one. */
export function addressBucket(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv6) return `${parsed.parts.slice(0, ipv6PrefixGroups).map(hex).join(':')}::/64`
  return parsed.toString()
}

const hex = (group: number) => group.toString(16)
