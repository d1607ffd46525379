import {
  accountRevocationsPath,
  type CutoffThing,
  type RevokedThing,
  revocationsCacheSeconds,
  revocationsPath,
  revocationsTyp,
} from '@hallpass/contracts'
import { toSeconds } from '../clock.js'
import { type AccountRevocations, cutoffScopes, revokedThings } from './account-revocations.js'

/** The server's facts in every feed. */
export interface ServerFacts {
  /** The ids of the keys whose tokens are accepted. */
  readonly keys: readonly string[]
  /** When the database was last restored, in milliseconds. */
  readonly restoredAt: number | undefined
}

interface Deps {
  readonly issuer: () => string
  /** Signs JSON that is produced in parts. */
  readonly sign: (typ: string, json: Iterable<string>) => Promise<Buffer>
}

interface Content extends ServerFacts {
  /** Undefined in the feed of all accounts. */
  readonly accountId: string | undefined
  readonly accounts: readonly AccountRevocations[]
}

const lifeSeconds = 600

/** The feed as a compact JWS. */
export function signFeed({ issuer, sign }: Deps, content: Content, now: number): Promise<Buffer> {
  return sign(revocationsTyp, jsonOf(issuer(), content, now))
}

/** How many names are serialized without a pause. */
const partNames = 4_000

/** The JSON of a {@link RevocationFeed}, in parts. */
function* jsonOf(iss: string, { accountId, accounts, keys, restoredAt }: Content, now: number): Generator<string> {
  const iat = toSeconds(now)
  const path = accountId === undefined ? revocationsPath : accountRevocationsPath(accountId)
  const head = { iss, sub: iss + path, iat, exp: iat + lifeSeconds, ttl: revocationsCacheSeconds, keys }
  yield `${JSON.stringify(head).slice(0, -1)},"revoked":{`
  for (const [index, what] of revokedThings.entries()) {
    yield `${index === 0 ? '' : ','}"${what}":"`
    yield* inParts(namesOf(accounts, what), '')
    yield '"'
  }
  yield '},"cut_offs":{'
  for (const [index, scope] of cutoffScopes.entries()) {
    yield `${index === 0 ? '' : ','}"${scope}":{`
    // names contain only characters that JSON writes unchanged
    yield* inParts(membersOf(accounts, scope), ',')
    yield '}'
  }
  yield restoredAt === undefined ? '}}' : `},"cut_off":${restoredAt}}`
}

function* namesOf(accounts: readonly AccountRevocations[], what: RevokedThing): Generator<string> {
  for (const { revoked } of accounts) yield* revoked[what].keys()
}

function* membersOf(accounts: readonly AccountRevocations[], scope: CutoffThing): Generator<string> {
  for (const { cutoffs } of accounts) for (const [name, notBefore] of cutoffs[scope]) yield `"${name}":${notBefore}`
}

/** Joins items, a limited number at a time. */
function* inParts(items: Iterable<string>, separator: string): Generator<string> {
  let part: string[] = []
  let isFirst = true
  const end = () => {
    const text = (isFirst ? '' : separator) + part.join(separator)
    isFirst = false
    part = []
    return text
  }
  for (const item of items) {
    part.push(item)
    if (part.length === partNames) yield end()
  }
  if (part.length > 0) yield end()
}
