import { type CurlRequest, readCurlCommands } from './curl.js'
import { codeBlocks } from './markdown.js'

/** A request that a page shows, with the response that the page shows for it. */
export interface Example {
  readonly request: CurlRequest
  readonly response: ShownResponse
}

/** A response as shown on a page. It has `Content-Type` and other headers only if the page names them. */
export interface ShownResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Values that differ between two runs. A page writes a value once and repeats it in later requests:
 * a token as its beginning, `…` and a label (`eyJ…session`), an id as any UUID.
 */
export type Bindings = Map<string, string>

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** The examples of a page: every `bash run` block contains one curl command and is followed by a `response` block. */
export function examplesOf(page: string): Example[] {
  const blocks = codeBlocks(page)
  return blocks.flatMap(({ language, marks, text }, index) => {
    if (language !== 'bash' || !marks.includes('run') || marks.includes('cli')) return []
    const [request, ...more] = readCurlCommands(text)
    const next = blocks[index + 1]
    if (request === undefined || more.length > 0) throw new Error(`a block must contain one command: ${text}`)
    if (!next?.marks.includes('response')) throw new Error(`the page shows no response for: ${text}`)
    return [{ request, response: readResponse(next.language, next.text) }]
  })
}

/** Reads a `json response` block (a body with status 200) or an `http response` block (status, headers, body). */
function readResponse(language: string, text: string): ShownResponse {
  if (language !== 'http') return { status: 200, headers: {}, body: text.trim() }
  const [head = '', ...rest] = text.split('\n\n')
  const [line = '', ...headers] = head.split('\n')
  const pairs = headers.filter((header) => header !== '').map((header) => header.split(/: (.*)/s))
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]),
    headers: Object.fromEntries(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value])),
    body: rest.join('\n\n').trim(),
  }
}

/** The request with the values of this run instead of those that the page shows. */
export function bind({ url, init }: CurlRequest, bindings: Bindings): CurlRequest {
  // the longest first, because one value can be the beginning of another
  const pairs = [...bindings].sort(([a], [b]) => b.length - a.length)
  const replaced = (text: string) => pairs.reduce((all, [shown, actual]) => all.replaceAll(shown, actual), text)
  const headers = Object.fromEntries(Object.entries(init.headers).map(([name, value]) => [name, replaced(value)]))
  const body = init.body === undefined ? {} : { body: replaced(init.body) }
  return { url: replaced(url), init: { ...init, headers, ...body } }
}

/** The actual body or header, with every variable value replaced as on the page. Records new values. */
export function asShown(shown: unknown, actual: unknown, bindings: Bindings): unknown {
  if (typeof shown === 'string' && typeof actual === 'string') return textAsShown(shown, actual, bindings)
  if (typeof shown === 'number' && typeof actual === 'number') return isTime(shown) && isTime(actual) ? shown : actual
  if (Array.isArray(shown) && Array.isArray(actual))
    return actual.map((item, index) => asShown(shown[index], item, bindings))
  if (isObject(shown) && isObject(actual))
    return Object.fromEntries(
      Object.entries(actual).map(([key, value]) => [
        key,
        isAlmost(key, shown[key], value) ? shown[key] : asShown(shown[key], value, bindings),
      ]),
    )
  return actual
}

function textAsShown(shown: string, actual: string, bindings: Bindings): string {
  const bound = bindings.get(shown)
  if (bound !== undefined) return actual === bound ? shown : actual
  if (timestamp.test(shown)) return timestamp.test(actual) ? shown : actual
  const [start = '', label] = shown.split('…')
  const differs = label === undefined ? uuid.test(shown) && uuid.test(actual) : actual.startsWith(start)
  if (!differs) return actual
  if (shown !== '…') bindings.set(shown, actual)
  return shown
}

/** Seconds since 1970, as in `iat` and `exp`. */
const isTime = (value: number): boolean => value > 1_000_000_000

/** The seconds that are left are a little fewer if the machine is busy. */
const isAlmost = (key: string, shown: unknown, actual: unknown): boolean =>
  key.endsWith('expires_in') &&
  typeof shown === 'number' &&
  typeof actual === 'number' &&
  actual <= shown &&
  actual >= shown - 5

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
