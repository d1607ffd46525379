import { readFileSync } from 'node:fs'
import type { PublicJwk } from '@hallpass/contracts'
import { decodeText, InvalidText } from '@hallpass/contracts/core'
import { FailedError } from '../errors.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { nameOfRequest, sendRequest } from '../request/send-request.js'
import type { Expectations } from './inspect-token.js'

interface Sources {
  /** A file or a URL. Without it, the keys come from the service. */
  readonly jwks: string | undefined
  readonly issuer: string | undefined
}

/** Loads the public keys and the name of their issuer. No credentials are sent. */
export async function loadJwks(
  io: Io,
  { jwks, issuer }: Sources,
  globals: Pick<Globals, 'baseUrl' | 'timeoutSeconds'>,
): Promise<Pick<Expectations, 'issuer' | 'keys'>> {
  const get = (url: string) => getJson(io, url, globals.timeoutSeconds)
  if (jwks !== undefined) {
    return { keys: keysIn(/^https?:/.test(jwks) ? await get(jwks) : readJson(jwks), jwks), issuer }
  }
  const url = `${globals.baseUrl}/.well-known/jwks.json`
  const [keys, metadata] = await Promise.all([
    get(url),
    issuer === undefined ? get(`${globals.baseUrl}/.well-known/oauth-authorization-server`) : { issuer },
  ])
  return { keys: keysIn(keys, url), issuer: memberOf(metadata, 'issuer') as string | undefined }
}

async function getJson(io: Io, url: string, timeoutSeconds: number): Promise<unknown> {
  const request = { method: 'GET', url, headers: { Accept: 'application/json' } } as const
  const answer = await sendRequest(io.fetch, request, timeoutSeconds)
  if (!answer.ok) throw new FailedError(`${nameOfRequest(request)}: ${answer.status} ${answer.statusText}`)
  return parse(answer.text, url)
}

function readJson(path: string): unknown {
  try {
    return parse(decodeText(readFileSync(path)), path)
  } catch (error) {
    if (error instanceof FailedError) throw error
    if (error instanceof InvalidText) throw new FailedError(`The file "${path}" of --jwks ${error.message}.`)
    throw new FailedError(`Cannot read the file "${path}" of --jwks.`, { cause: error })
  }
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FailedError(`${where} is not valid JSON.`, { cause: error })
  }
}

function keysIn(document: unknown, where: string): readonly PublicJwk[] {
  const keys = memberOf(document, 'keys')
  if (!Array.isArray(keys)) throw new FailedError(`${where} is not a JWK set (RFC 7517).`)
  return keys.filter((key) => typeof key === 'object' && key !== null)
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined
