import type { RawRequest } from './raw-http.js'

/** Where in a request a caller can put bytes. */
export type Place = 'path' | 'query' | 'headers' | 'cookies' | 'body'

/** A way to make a request as expensive as its bytes allow. */
export interface HostilePart {
  readonly name: string
  readonly place: Place
  /** Sent to every route. The others are sent to one route of each form. */
  readonly everywhere?: true
  /** The request with about this many more bytes, or undefined if it cannot carry them. */
  readonly apply: (request: RawRequest, bytes: number) => RawRequest | undefined
}

/** Node's limit for the request line and headers together is 16 KiB. */
const longestHead = 15_000
const longestBody = 65_000

/** The maximum number of bytes in a place. */
export const longestOf = (place: Place): number => (place === 'body' ? longestBody : longestHead)

const fill = (unit: string, bytes: number) => unit.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(unit))))

/** As many different names as fit. */
function names(bytes: number, write: (name: string) => string, between: string): string {
  const parts: string[] = []
  for (let i = 0, length = 0; length < bytes; i++) {
    const part = write(i.toString(36))
    parts.push(part)
    length += part.length + between.length
  }
  return parts.join(between)
}

const inPath = (name: string, unit: string): HostilePart => ({
  name,
  place: 'path',
  apply: (request, bytes) => {
    const [path = '', query] = request.target.split('?')
    const longer = `${path.slice(0, path.lastIndexOf('/') + 1)}${fill(unit, bytes)}`
    return { ...request, target: query === undefined ? longer : `${longer}?${query}` }
  },
})

const inQuery = (name: string, write: (bytes: number, own: string) => string): HostilePart => ({
  name,
  place: 'query',
  apply: (request, bytes) => {
    const [path = '', query = ''] = request.target.split('?')
    const own = query.split('=')[0] || 'limit'
    return { ...request, target: `${path}?${query}&${write(bytes, own)}` }
  },
})

type Headers = NonNullable<RawRequest['headers']>

const withHeaders = (name: string, write: (bytes: number) => Headers, place: Place = 'headers'): HostilePart => ({
  name,
  place,
  apply: (request, bytes) => {
    const added = write(bytes)
    const replaced = new Set(added.map(([header]) => header.toLowerCase()))
    const kept = (request.headers ?? []).filter(([header]) => !replaced.has(header.toLowerCase()))
    return { ...request, headers: [...kept, ...added] }
  },
})

const oneHeader = (header: string, unit: string, before = '', after = '') =>
  withHeaders(`${header}: ${before}${unit}… ${after}`, (bytes) => [[header, before + fill(unit, bytes) + after]])

const manyHeaders = (name: string, write: (i: number) => readonly [string, string]) =>
  withHeaders(name, (bytes) => {
    const list: (readonly [string, string])[] = []
    for (let i = 0, length = 0; length < bytes; i++) {
      const [header, value] = write(i)
      list.push([header, value])
      length += header.length + value.length + 4
    }
    return list
  })

const path: HostilePart[] = [
  inPath('a long segment', 'a'),
  { ...inPath('percent-encoded letters', '%41'), everywhere: true },
  inPath('percent-encoded bytes that are not UTF-8', '%ff'),
  inPath('many segments', 'a/'),
  inPath('many calls', 'visitor.config,'),
  inPath('many commas', ','),
]

const query: HostilePart[] = [
  { ...inQuery('many names', (bytes) => names(bytes, (name) => name, '&')), everywhere: true },
  inQuery('one of its own names, repeated', (bytes, own) => fill(`&${own}=1`, bytes)),
  inQuery('one of its own names, long', (bytes, own) => `${own}=${fill('x', bytes)}`),
  inQuery('one of its own names, percent-encoded', (bytes, own) => `${own}=${fill('%C3%A9', bytes)}`),
  inQuery('ampersands', (bytes) => fill('&', bytes)),
  inQuery('percent signs', (bytes) => fill('%', bytes)),
  inQuery('nested JSON as the input of a call', (bytes) => `input=${fill('%5B', bytes)}`),
  inQuery('nested JSON as the input of a batch', (bytes) => `batch=1&input=${fill('[', bytes)}`),
]

const headers: HostilePart[] = [
  { ...manyHeaders('many headers', (i) => [`h${i.toString(36)}`, '1']), everywhere: true },
  manyHeaders('one header, repeated', () => ['x', '']),
  manyHeaders('many origins', () => ['Origin', 'https://shop.example']),
  manyHeaders('many Request-Ids', () => ['Request-Id', 'r']),
  manyHeaders('many forwarded addresses', () => ['X-Forwarded-For', '192.0.2.1']),
  oneHeader('X-Forwarded-For', '1.1.1.1,'),
  oneHeader('X-Forwarded-For', '2001:db8::1,'),
  oneHeader('X-Forwarded-For', ':', '['),
  oneHeader('X-Forwarded-For', ','),
  oneHeader('Origin', 'a', 'https://'),
  oneHeader('Origin', 'a.', 'https://', 'example'),
  oneHeader('Origin', '\u00e9\u00e8', 'https://'),
  oneHeader('Origin', 'https://shop.example '),
  oneHeader('Accept', 'a/b;q=0.1,'),
  oneHeader('Accept-Encoding', 'gzip;q=0.1,'),
  oneHeader('Accept-Encoding', ','),
  oneHeader('If-None-Match', 'W/"a",'),
  oneHeader('If-None-Match', ','),
  oneHeader('Content-Type', ';a=b', 'application/json'),
  oneHeader('Content-Type', ';', 'application/json'),
  oneHeader('Content-Type', ' ', 'application/json', 'x'),
  oneHeader('Idempotency-Key', 'k'),
  oneHeader('Correlation-Id', 'c'),
  oneHeader('Straddle-Account-Id', 'a'),
  oneHeader('Hallpass-Sandbox-Fault', '1', 'slow='),
  oneHeader('trpc-accept', 'application/jsonl,'),
  oneHeader('User-Agent', '('),
  // wrong credentials are limited by address, so these come last
  oneHeader('Authorization', 'k', 'Bearer '),
  oneHeader('Authorization', ' ', 'Bearer'),
  oneHeader('Authorization', 'Bearer '),
  oneHeader('Authorization', 'eyJh.', 'Bearer '),
]

const cookies: HostilePart[] = [
  {
    ...withHeaders('many cookies', (bytes) => [['Cookie', names(bytes, (name) => `${name}=1`, '; ')]], 'cookies'),
    everywhere: true,
  },
  withHeaders(
    'many Cookie headers',
    (bytes) => Array.from({ length: bytes / 13 }, () => ['Cookie', 'a=1'] as const),
    'cookies',
  ),
]

/** Everything before the body. */
export const headParts: readonly HostilePart[] = [...path, ...query, ...cookies, ...headers]

const isForm = ({ headers: sent = [] }: RawRequest) =>
  sent.some(([name, value]) => /^content-type$/i.test(name) && value.includes('form'))

const inBody = (name: string, write: (bytes: number) => string): HostilePart => ({
  name,
  place: 'body',
  apply: (request, bytes) => ({ ...request, body: write(bytes) }),
})

const inForm = (name: string, write: (bytes: number) => string): HostilePart => ({
  ...inBody(name, write),
  apply: (request, bytes) => (isForm(request) ? { ...request, body: write(bytes) } : undefined),
})

/** A valid JSON body with this member added or replaced. */
const inJson = (name: string, write: (bytes: number) => string): HostilePart => ({
  name,
  place: 'body',
  apply: (request, bytes) => {
    if (isForm(request) || typeof request.body !== 'string') return undefined
    const rest = request.body.trim() === '{}' ? '' : `${request.body.slice(1, -1)},`
    return { ...request, body: `{${rest}${write(bytes)}}` }
  },
})

export const bodyParts: readonly HostilePart[] = [
  inBody('unclosed brackets', (bytes) => fill('[', bytes)),
  inBody('nested lists', (bytes) => fill('[', bytes / 2) + fill(']', bytes / 2)),
  inBody('nested objects', (bytes) => `${fill('{"":', bytes * 0.8)}1${fill('}', bytes / 5)}`),
  inBody('a long number', (bytes) => fill('1', bytes)),
  inBody('bytes that are not UTF-8', (bytes) => fill('\u00ff', bytes)),
  inBody('white space', (bytes) => fill(' ', bytes)),
  { ...inForm('many names', (bytes) => names(bytes, (name) => name, '&')), everywhere: true },
  inBody('a long token', (bytes) => `token=${fill('a', bytes)}`),
  inBody('a long token of dots', (bytes) => `token=${fill('a.', bytes)}`),
  inBody('a token, repeated', (bytes) => fill('token=a&', bytes)),
  inBody('percent-encoded bytes', (bytes) => `token=${fill('%41', bytes)}`),
  inBody('a batch that is read by each call', (bytes) => `{"0":${fill('[', bytes / 2)}${fill(']', bytes / 2)}}`),
  { ...inJson('many unknown fields', (bytes) => names(bytes, (name) => `"${name}":1`, ',')), everywhere: true },
  inJson('numbers as names', (bytes) => names(bytes, (name) => `"${Number.parseInt(name, 36)}":1`, ',')),
  inJson('one name, repeated', (bytes) => `${fill('"a":1,', bytes)}"a":1`),
  inJson('a long name', (bytes) => `"${fill('n', bytes)}":1`),
  inJson('an unknown field, long and escaped', (bytes) => `"n":"${fill('\\u0000', bytes)}"`),
]

const values: readonly (readonly [string, (bytes: number) => string])[] = [
  ['a host that is not ASCII', (bytes) => `"https://${foreignLetters(bytes)}.example"`],
  ['a long list', (bytes) => `[${fill('"a.b",', bytes)}"a.b"]`],
  ['an object of many members', (bytes) => `{${names(bytes, (name) => `"${name}":1`, ',')}}`],
]

const foreignLetters = (bytes: number) =>
  Array.from({ length: bytes / 3 }, (_, i) => String.fromCharCode(0x4e00 + (i % 20_000))).join('')

/** A hostile value for a member of the body, possibly nested (`agent.avatar_url`). */
export const valuesFor = (field: string): readonly HostilePart[] =>
  values.map(([name, value]) => {
    const steps = field.split('.')
    const opened = steps.map((step) => `"${step}":`).join('{')
    const write = (bytes: number) => opened + value(bytes) + '}'.repeat(steps.length - 1)
    return { ...inJson(`${field}: ${name}`, write), everywhere: true }
  })
