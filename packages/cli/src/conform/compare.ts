import { isPlainObject } from '@hallpass/contracts/core'
import type { Difference } from './check.js'
import type { Reply } from './target.js'

const longestShown = 100

/** A short text of a response, without what could be a token or a key, and without control characters. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const readable = text.replace(/[\p{Cc}\p{Cf}]/gu, '?').replace(/[\w.~+/=-]{24,}/g, '<REDACTED>')
  return readable.length > longestShown ? `${readable.slice(0, longestShown)}…` : readable || 'an empty text'
}

/** Nothing if a condition holds, else one difference. */
export const expectThat = (holds: boolean, what: string, expected: string, received: string): Difference[] =>
  holds ? [] : [{ what, expected, received }]

export const expectStatus = ({ status }: Reply, ...expected: readonly number[]): Difference[] =>
  expectThat(expected.includes(status), 'status', expected.join(' or '), String(status))

export function expectHeader({ headers }: Reply, name: string, expected: string): Difference[] {
  const received = headers.get(name)
  return expectThat(received === expected, `header ${name}`, expected, shown(received ?? undefined))
}

export const expectType = ({ headers }: Reply, expected: string): Difference[] =>
  expectThat(
    (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === expected,
    'header content-type',
    expected,
    shown(headers.get('content-type') ?? undefined),
  )

/** The value at a path, such as `meta.api_request_id`. */
export function at(value: unknown, path: string): unknown {
  let current = value
  for (const name of path.split('.')) current = isPlainObject(current) ? current[name] : undefined
  return current
}

export const textAt = (value: unknown, path: string): string => {
  const found = at(value, path)
  return typeof found === 'string' ? found : ''
}

type Matches = (value: unknown) => boolean

/** What each field must be, by its path: a value, or a description and a test. */
type Fields = Readonly<Record<string, string | number | boolean | readonly [description: string, matches: Matches]>>

export const expectFields = ({ json }: Pick<Reply, 'json'>, fields: Fields): Difference[] =>
  compareFields(json, fields, 'body')

export const expectClaims = (token: unknown, fields: Fields): Difference[] =>
  compareFields(claimsOf(token), fields, 'claim')

function compareFields(source: unknown, fields: Fields, where: string): Difference[] {
  return Object.entries(fields).flatMap(([path, field]) => {
    const value = at(source, path)
    const [expected, matches] =
      typeof field === 'object' ? field : [shown(field), (received: unknown) => received === field]
    return expectThat(matches(value), `${where} ${path}`, expected, describe(value))
  })
}

/** Texts of a length that a token has are described, not shown. */
const describe = (value: unknown): string =>
  typeof value === 'string' && value.length > 20 ? `a text of ${value.length} characters` : shown(value)

const isMatch =
  (pattern: RegExp): Matches =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

export const text = ['a text', isMatch(/./)] as const
export const uuid = ['a UUID', isMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)] as const
export const time = ['a time (RFC 3339)', isMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/)] as const
export const jwt = ['a JWT that has not expired', (value: unknown) => isLive(claimsOf(value))] as const
export const object = ['an object', isPlainObject] as const
export const positive = [
  'a number of seconds',
  (value: unknown) => Number.isInteger(value) && Number(value) > 0,
] as const

const isLive = (claims: Readonly<Record<string, unknown>>): boolean =>
  typeof claims.exp === 'number' && claims.exp > Date.now() / 1000

/** The claims of a JWT, unverified. None if it is something else. */
export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  const parts = typeof token === 'string' ? token.split('.') : []
  if (parts.length !== 3) return {}
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString())
    return isPlainObject(claims) ? claims : {}
  } catch {
    return {}
  }
}

/** Nothing if a token's claim `exp` is at most this many seconds ahead. */
export function expectLifetime(token: unknown, seconds: number): Difference[] {
  const { exp } = claimsOf(token)
  const left = typeof exp === 'number' ? Math.round(exp - Date.now() / 1000) : undefined
  // clocks may differ by a minute
  const holds = left !== undefined && left > 0 && left <= seconds + 60
  return expectThat(holds, 'the lifetime of the token', `at most ${seconds} seconds`, shown(left))
}

export const expectSame = (what: string, first: unknown, second: unknown): Difference[] =>
  expectThat(first !== undefined && first === second, what, 'the same as in the first response', 'another value')

export const expectOther = (what: string, first: unknown, second: unknown): Difference[] =>
  expectThat(second !== undefined && first !== second, what, 'a new value', 'the same as in the first response')
