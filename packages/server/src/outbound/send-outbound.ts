import { request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { isIP, isIPv6 } from 'node:net'
import { isLocalUrl, isOutboundUrl } from '@hallpass/contracts'
import { isPublicAddress, type Resolve } from './public-addresses.js'

/** Why a request was not sent or has no usable response, in words for the account that configured the URL. */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure'
  readonly kind: 'forbidden' | 'timeout' | 'failed'

  constructor(kind: OutboundFailure['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

export interface OutboundDeps {
  readonly resolve: Resolve
  /** Whether URLs of this machine are allowed, for development. */
  readonly allowsLocal: boolean
}

interface OutboundRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For name resolution, connection, request and response together. */
  readonly maxMilliseconds: number
  readonly maxBytes: number
  /** Aborted when the server stops. */
  readonly signal?: AbortSignal
}

interface OutboundResponse {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  /** Undefined if it is longer than allowed. */
  readonly text: string | undefined
}

/**
 * Sends a request to a URL that an account configured. Follows no redirect, and connects only to an address that was
 * checked: a second answer of DNS can't lead elsewhere.
 */
export async function sendOutbound(deps: OutboundDeps, request: OutboundRequest): Promise<OutboundResponse> {
  const timeout = AbortSignal.timeout(request.maxMilliseconds)
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
  try {
    const url = new URL(request.url)
    return await exchange({ ...request, signal }, url, await addressOf(deps, url, signal))
  } catch (cause) {
    if (cause instanceof OutboundFailure) throw cause
    if (timeout.aborted) {
      throw new OutboundFailure('timeout', `no answer within ${request.maxMilliseconds / 1000} seconds`, { cause })
    }
    throw new OutboundFailure('failed', 'the connection failed', { cause })
  }
}

/** The address to connect to. If any address of the host is special, the host isn't one of the public internet. */
async function addressOf({ resolve, allowsLocal }: OutboundDeps, url: URL, signal: AbortSignal): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isLocalUrl(url.href)) {
    if (!allowsLocal) throw new OutboundFailure('forbidden', 'the URL is of the server itself')
    return host === 'localhost' ? '127.0.0.1' : host
  }
  if (url.protocol !== 'https:') throw new OutboundFailure('forbidden', 'the URL is not https')
  // it may have been stored before this was a rule
  if (!isOutboundUrl(url.href))
    throw new OutboundFailure('forbidden', 'the URL has a port or a part that is not allowed')
  const addresses = isIP(host) ? [host] : await resolve(host, signal)
  const [address] = addresses
  if (address === undefined) throw new OutboundFailure('failed', 'the host has no address')
  if (!addresses.every(isPublicAddress)) throw new OutboundFailure('forbidden', 'the host is in a private network')
  return address
}

function exchange(
  { method, headers, body, maxBytes, signal }: OutboundRequest,
  url: URL,
  address: string,
): Promise<OutboundResponse> {
  const family = isIPv6(address) ? 6 : 4
  const lookup: RequestOptions['lookup'] = (_, { all }, callback) =>
    all ? callback(null, [{ address, family }]) : callback(null, address, family)
  const sized = body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }
  const options = { agent: false, lookup, method, headers: sized, maxHeaderSize: 16_384, ...(signal ? { signal } : {}) }
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const { statusCode: status = 0, headers: received } = response
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= maxBytes) chunks.push(chunk)
        else {
          sent.destroy()
          resolve({ status, headers: received, text: undefined })
        }
      })
      response.on('end', () => resolve({ status, headers: received, text: Buffer.concat(chunks).toString('utf8') }))
    })
    sent.on('error', reject).end(body)
  })
}
