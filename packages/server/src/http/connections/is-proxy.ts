import { BlockList, isIP, isIPv6 } from 'node:net'
import { withoutPort } from '../../limits/address-bucket.js'

/** Whether an address belongs to one of the operator's proxies. If hops are counted, every address does. */
export function isProxyOf(trustProxy: number | readonly string[] | false): (address: string) => boolean {
  if (trustProxy === false) return () => false
  if (typeof trustProxy === 'number') return () => trustProxy > 0
  const networks = new BlockList()
  for (const text of trustProxy) {
    const [address = '', prefix] = text.split('/')
    const family = familyOf(address)
    if (prefix === undefined) networks.addAddress(address, family)
    else networks.addSubnet(address, Number(prefix), family)
  }
  return (text) => {
    // a zone names an interface of the machine that wrote it
    const [address = ''] = withoutPort(text).split('%', 1)
    return isIP(address) !== 0 && networks.check(address, familyOf(address))
  }
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')
