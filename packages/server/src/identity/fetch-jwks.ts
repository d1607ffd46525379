import { isPlainObject } from '@hallpass/contracts'
import type { JWK } from 'jose'
import { type OutboundDeps, OutboundFailure, sendOutbound } from '../outbound/send-outbound.js'

const maxMilliseconds = 5_000
const maxBytes = 65_536
const maxKeys = 20
const headers = { Accept: 'application/json', 'Accept-Encoding': 'identity', 'User-Agent': 'hallpass' }

/** Why keys could not be fetched, in words for the account that configured the URL. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

/** The keys of a JWK set (RFC 7517 section 5). */
export async function fetchJwks(deps: OutboundDeps, uri: string, traceparent?: string): Promise<JWK[]> {
  const traced = traceparent === undefined ? headers : { ...headers, traceparent }
  const request = { url: uri, method: 'GET', headers: traced, maxMilliseconds, maxBytes } as const
  const { status, text } = await sendOutbound(deps, request).catch((cause: unknown) => {
    throw cause instanceof OutboundFailure ? new KeysUnavailable(cause.message, { cause }) : cause
  })
  if (status !== 200) throw new KeysUnavailable(`the answer has the status ${status}`)
  if (text === undefined) throw new KeysUnavailable(`the answer is longer than ${maxBytes} bytes`)
  return keysIn(text)
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
