import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../outbound/public-addresses.js'
import { fetchJwks } from './fetch-jwks.js'

const rejection = (uri: string, addresses: readonly string[] = ['93.184.216.34'], allowsLocal = false) =>
  fetchJwks({ resolve: async () => addresses, allowsLocal }, uri).then(
    () => 'fetched',
    ({ message }: Error) => message,
  )

describe('fetchJwks', () => {
  test.each([
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'https://0x7f000001/',
    'https://2130706433/',
    'http://localhost:1/',
  ])('refuses %s unless the setting allows it', async (uri) => {
    expect(await rejection(uri)).toBe('the URL is of the server itself')
  })

  test.each(['https://169.254.169.254/', 'https://[fd00::1]/', 'https://10.0.0.1/', 'https://[::ffff:10.0.0.1]/'])(
    'refuses the address %s',
    async (uri) => {
      expect(await rejection(uri)).toBe('the host is in a private network')
      expect(await rejection(uri, [], true)).toBe('the host is in a private network')
    },
  )

  test('refuses a host with any private address, and one without an address', async () => {
    const uri = 'https://login.example.com/'
    expect(await rejection(uri, ['93.184.216.34', '10.0.0.1'])).toBe('the host is in a private network')
    expect(await rejection(uri, ['fe80::1'])).toBe('the host is in a private network')
    expect(await rejection(uri, [])).toBe('the host has no address')
    expect(await rejection('http://login.example.com/')).toBe('the URL is not https')
    expect(await rejection('https://login.example.com:25/')).toBe('the URL has a port or a part that is not allowed')
  })

  test('connects to the address that was checked, whatever the name resolves to later', async () => {
    const server = createServer((_, response) => response.end('{"keys":[{"kty":"EC"},{"kty":"oct"},1]}'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    let asked = 0
    const resolve = async () => {
      asked++
      return ['10.0.0.1']
    }
    expect(await fetchJwks({ resolve, allowsLocal: true }, `http://localhost:${port}/`)).toEqual([{ kty: 'EC' }])
    expect(asked).toBe(0)
    server.close()
  })
})

test.each([
  ['93.184.216.34', true],
  ['2606:2800:220:1::1', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.31.0.1', false],
  ['192.168.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['2001::1', false],
  ['fe80::1', false],
  ['fd00:ec2::254', false],
  ['ff02::1', false],
  ['not an address', false],
])('%s is on the public internet: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic)
})
