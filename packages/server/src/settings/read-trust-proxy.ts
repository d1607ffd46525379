import ipaddr from 'ipaddr.js'

/** The trusted proxies of a setting: a number of hops, networks, or false for none. Undefined if it is invalid. */
export function readTrustProxy(
  text: string | undefined,
  networks: readonly string[],
): number | readonly string[] | false | undefined {
  if (text === undefined || text === '0') return false
  if (/^\d{1,2}$/.test(text)) return Number(text)
  return networks.length > 0 && networks.every(isNetwork) ? networks : undefined
}

/** Accepts whole addresses only: some programs read `1.5` as an address, but here it is a mistake. */
function isNetwork(text: string): boolean {
  const [address = ''] = text.split('/')
  const isWhole = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)
  return isWhole && (address === text || ipaddr.isValidCIDR(text))
}
