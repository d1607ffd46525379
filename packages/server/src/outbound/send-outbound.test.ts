import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Resolve } from './public-addresses.js'
import { type OutboundFailure, sendOutbound } from './send-outbound.js'

/** How a request to a URL fails, if its host has these addresses. */
async function failureOf(
  url: string,
  resolve: Resolve = async () => [],
  allowsLocal = false,
): Promise<OutboundFailure> {
  const request = { url, method: 'POST', headers: {}, body: '{}', maxMilliseconds: 300, maxBytes: 100 } as const
  return sendOutbound({ resolve, allowsLocal }, request).then(
    ({ status }) => {
      throw new Error(`a response with status ${status}`)
    },
    (cause: unknown) => cause as OutboundFailure,
  )
}

describe('a request to an address that is not on the public internet is refused', () => {
  test.each([
    ['this machine', 'https://127.0.0.1'],
    ['this machine, whole network', 'https://127.255.255.254'],
    ['this machine, decimal', 'https://2130706433'],
    ['this machine, octal', 'https://0177.0.0.1'],
    ['this machine, hexadecimal', 'https://0x7f.0x0.0x0.0x1'],
    ['this machine, short', 'https://127.1'],
    ['no address', 'https://0.0.0.0'],
    ['a private network', 'https://10.0.0.1'],
    ['a private network, decimal', 'https://167772161'],
    ['a private network, octal', 'https://012.0.0.1'],
    ['another private network', 'https://172.31.255.255'],
    ['a home network', 'https://192.168.1.1'],
    ['shared address space', 'https://100.64.0.1'],
    ['the metadata service', 'https://169.254.169.254'],
    ['the metadata service, hexadecimal', 'https://0xa9fea9fe'],
    ['the metadata service, IPv4-mapped', 'https://[::ffff:169.254.169.254]'],
    ['the metadata service of AWS, IPv6', 'https://[fd00:ec2::254]'],
    ['documentation', 'https://192.0.2.1'],
    ['multicast', 'https://224.0.0.1'],
    ['broadcast', 'https://255.255.255.255'],
    ['no address, IPv6', 'https://[::]'],
    ['this machine, IPv6', 'https://[::1]'],
    ['this machine, IPv4-mapped', 'https://[::ffff:7f00:1]'],
    ['a private network, IPv4-compatible', 'https://[::10.0.0.1]'],
    ['a private network, NAT64', 'https://[64:ff9b::10.0.0.1]'],
    ['a public address, NAT64', 'https://[64:ff9b::8.8.8.8]'],
    ['a private network, local NAT64', 'https://[64:ff9b:1::10.0.0.1]'],
    ['a private network, 6to4', 'https://[2002:a00:1::]'],
    ['a private network, Teredo', 'https://[2001:0:a00:1::]'],
    ['link-local, IPv6', 'https://[fe80::1]'],
    ['site-local, IPv6', 'https://[fec0::1]'],
    ['unique local, IPv6', 'https://[fc00::1]'],
    ['unique local, IPv6, second half', 'https://[fdff::1]'],
    ['multicast, IPv6', 'https://[ff02::1]'],
    ['documentation, IPv6', 'https://[2001:db8::1]'],
    ['discard only', 'https://[100::1]'],
  ])('%s: %s', async (_, url) => {
    expect((await failureOf(`${url}/hook`)).kind).toBe('forbidden')
  })

  test.each([
    ['a private one', ['10.0.0.1']],
    ['a public one and a private one', ['8.8.8.8', '10.0.0.1']],
    ['a public one and a private one of IPv6', ['8.8.8.8', 'fd00::1']],
    ['a public one and an IPv4-mapped one', ['2606:4700::1111', '::ffff:10.0.0.1']],
    ['what is no address', ['8.8.8.8', 'hooks.example']],
  ])('a name with %s', async (_, addresses) => {
    expect((await failureOf('https://hooks.example/', async () => addresses)).kind).toBe('forbidden')
  })

  test.each(['https://localhost.', 'https://a.localhost', 'https://localhost.localdomain'])('%s', async (url) => {
    expect((await failureOf(url, async () => ['127.0.0.1'])).kind).toBe('forbidden')
  })

  test.each([
    ['of mail', 'https://hooks.example:25/'],
    ['of SSH', 'https://hooks.example:22/'],
    ['of http', 'https://hooks.example:80/'],
    ['0', 'https://hooks.example:0/'],
    ['of mail, at an address', 'https://8.8.8.8:465/'],
  ])('the port %s', async (_, url) => {
    expect((await failureOf(url, async () => ['8.8.8.8'])).kind).toBe('forbidden')
  })

  test('a URL with credentials, which would be sent', async () => {
    expect((await failureOf('https://user:secret@hooks.example/', async () => ['8.8.8.8'])).kind).toBe('forbidden')
  })

  test('a URL that is not https', async () => {
    expect((await failureOf('http://hooks.example/', async () => ['8.8.8.8'])).kind).toBe('forbidden')
    expect((await failureOf('http://10.0.0.1/', undefined, true)).kind).toBe('forbidden')
  })
})

test('a name is resolved once, and the connection goes to the address that was checked', async () => {
  let connections = 0
  const local = createServer((socket) => {
    connections++
    socket.destroy()
  })
  await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void local.close())
  const { port } = local.address() as { port: number }
  let asked = 0
  /** As a name server that an attacker controls: public while it is checked, and local from then on. */
  const rebind: Resolve = async () => (asked++ === 0 ? ['198.41.0.4'] : ['127.0.0.1'])
  const failure = await failureOf(`https://rebind.example:${port}/`, rebind)
  expect(['failed', 'timeout']).toContain(failure.kind)
  expect({ asked, connections }).toEqual({ asked: 1, connections: 0 })
})

test('a name without an address, and one whose resolution takes too long, fail', async () => {
  expect((await failureOf('https://hooks.example/')).kind).toBe('failed')
  const never: Resolve = (_, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  expect((await failureOf('https://hooks.example/', never)).kind).toBe('timeout')
})
