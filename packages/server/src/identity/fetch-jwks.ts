import { request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { isIP, isIPv6 } from 'node:net'
import { isLocalUrl, isPlainObject } from '@hallpass/contracts'
import type { JWK } from 'jose'
import { isPublicAddress, type Resolve } from './public-addresses.js'

const maxMilliseconds = 5_000
const maxBytes = 65_536
const maxKeys = 20

/** Why keys could not be fetched, in words for the account that configured the URL. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

interface Deps {
  readonly resolve: Resolve
  /** Whether URLs of this machine are allowed, for development. */
  readonly allowsLocal: boolean
}

/**
 * The keys of a JWK set (RFC 7517 section 5). Follows no redirect, and connects only to an address that was checked: a
 * second answer of DNS can't lead elsewhere.
 */
export async function fetchJwks(deps: Deps, uri: string, traceparent?: string): Promise<JWK[]> {
  const signal = AbortSignal.timeout(maxMilliseconds)
  try {
    const url = new URL(uri)
    const text = await read(url, await addressOf(deps, url, signal), { signal, traceparent })
    return keysIn(text)
  } catch (cause) {
    if (cause instanceof KeysUnavailable) throw cause
    if (signal.aborted) throw new KeysUnavailable(`no answer within ${maxMilliseconds / 1000} seconds`, { cause })
    throw new KeysUnavailable('the connection failed', { cause })
  }
}

/** The address to connect to. If any address of the host is special, the host isn't one of the public internet. */
async function addressOf({ resolve, allowsLocal }: Deps, url: URL, signal: AbortSignal): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isLocalUrl(url.href)) {
    if (!allowsLocal) throw new KeysUnavailable('the URL is of the server itself')
    return host === 'localhost' ? '127.0.0.1' : host
  }
  if (url.protocol !== 'https:') throw new KeysUnavailable('the URL is not https')
  const addresses = isIP(host) ? [host] : await resolve(host, signal)
  const [address] = addresses
  if (address === undefined) throw new KeysUnavailable('the host has no address')
  if (!addresses.every(isPublicAddress)) throw new KeysUnavailable('the host is in a private network')
  return address
}

function read(
  url: URL,
  address: string,
  { signal, traceparent }: { readonly signal: AbortSignal; readonly traceparent: string | undefined },
): Promise<string> {
  const family = isIPv6(address) ? 6 : 4
  const lookup: RequestOptions['lookup'] = (_, { all }, callback) =>
    all ? callback(null, [{ address, family }]) : callback(null, address, family)
  const headers = {
    Accept: 'application/json',
    'Accept-Encoding': 'identity',
    'User-Agent': 'hallpass',
    ...(traceparent === undefined ? {} : { traceparent }),
  }
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, lookup, headers, signal, maxHeaderSize: 16_384 }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const fail = (reason: string) => {
        sent.destroy()
        reject(new KeysUnavailable(reason))
      }
      if (response.statusCode !== 200) return fail(`the answer has the status ${response.statusCode}`)
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxBytes) fail(`the answer is longer than ${maxBytes} bytes`)
        else chunks.push(chunk)
      })
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    })
    sent.on('error', reject).end()
  })
}

/** RFC 7517 section 5: unusable keys are ignored. An RSA key of more than 4,096 bits would make verification slow. */
export function usableKeys(keys: readonly unknown[]): JWK[] {
  const isUsable = (jwk: unknown): jwk is JWK =>
    isPlainObject(jwk) &&
    ['RSA', 'EC', 'OKP'].includes(String(jwk.kty)) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (jwk.n === undefined || (typeof jwk.n === 'string' && jwk.n.length <= 683))
  return keys.filter(isUsable).slice(0, maxKeys)
}

function keysIn(text: string): JWK[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new KeysUnavailable('the answer is not JSON', { cause })
  }
  if (!isPlainObject(parsed) || !Array.isArray(parsed.keys)) throw new KeysUnavailable('the answer is not a JWK set')
  return usableKeys(parsed.keys)
}
