import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { decodeText } from '@hallpass/contracts'
import { z } from 'zod'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'

const maxAgeMilliseconds = 3_600_000
/** Anyone can name an unknown key, so the list is not read again more often than this. */
const leastPauseMilliseconds = 60_000
const fetchMilliseconds = 5_000
const maxBytes = 65_536

const KeyList = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })).max(100),
})

/** The scanner's public keys, by the identifier in a report. */
export interface ScannerKeys {
  readonly find: (identifier: string) => Promise<KeyObject | undefined>
}

/** Reads the keys from a file, which must be valid at start, or from a URL when a report first needs them. */
export function openScannerKeys(location: string, clock: Pick<Clock, 'now'>): ScannerKeys {
  const isUrl = /^https?:\/\//.test(location)
  const read = async () => parseKeys(isUrl ? await fetchText(location) : decodeText(readFileSync(location)))
  let keys = isUrl ? new Map<string, KeyObject>() : readAtStart(location)
  let readAt = isUrl ? Number.NEGATIVE_INFINITY : clock.now()
  let running: Promise<void> | undefined
  const renew = async () => {
    readAt = clock.now()
    // the last list is used while a new one can't be read
    keys = await read().catch(() => keys)
  }
  return {
    async find(identifier) {
      const age = clock.now() - readAt
      if (age >= (keys.has(identifier) ? maxAgeMilliseconds : leastPauseMilliseconds)) {
        running ??= renew().finally(() => {
          running = undefined
        })
      }
      await running
      return keys.get(identifier)
    },
  }
}

function readAtStart(path: string): Map<string, KeyObject> {
  try {
    const keys = parseKeys(decodeText(readFileSync(path)))
    if (keys.size > 0) return keys
  } catch (cause) {
    throw new StartError(`The public keys for secret scanning in ${path} can't be read.`, { cause })
  }
  throw new StartError(`${path} has no public key on the curve P-256 for secret scanning.`)
}

/** Keeps only keys on P-256, because reports are signed with no other algorithm. */
function parseKeys(text: string): Map<string, KeyObject> {
  const listed = KeyList.parse(JSON.parse(text)).public_keys
  const keys = listed.map(({ key_identifier, key }) => [key_identifier, createPublicKey(key)] as const)
  return new Map(keys.filter(([, key]) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1'))
}

async function fetchText(url: string): Promise<string> {
  const headers = { Accept: 'application/json', 'User-Agent': 'hallpass' }
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(fetchMilliseconds) })
  if (!response.ok || !response.body) throw new Error(`${url} returned status ${response.status}`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error(`${url} returned more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
