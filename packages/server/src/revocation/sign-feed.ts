import {
  accountRevocationsPath,
  type RevocationFeed,
  revocationsCacheSeconds,
  revocationsPath,
  revocationsTyp,
} from '@hallpass/contracts'
import { toSeconds } from '../clock.js'
import { type AccountRevocations, cutoffScopes } from './account-revocations.js'

/** What all feeds say of the server. */
export interface ServerFacts {
  /** The ids of the keys whose tokens are accepted. */
  readonly keys: readonly string[]
  /** When the database was last restored, in milliseconds. */
  readonly restoredAt: number | undefined
}

interface Deps {
  readonly issuer: () => string
  readonly sign: (typ: string, payload: object) => string
}

interface Content extends ServerFacts {
  /** Undefined in the feed of all accounts. */
  readonly accountId: string | undefined
  readonly accounts: Iterable<AccountRevocations>
}

const lifeSeconds = 600

/** The feed as a compact JWS. */
export function signFeed(
  { issuer, sign }: Deps,
  { accountId, accounts, keys, restoredAt }: Content,
  now: number,
): string {
  const iat = toSeconds(now)
  const iss = issuer()
  const path = accountId === undefined ? revocationsPath : accountRevocationsPath(accountId)
  const feed: RevocationFeed = {
    iss,
    sub: iss + path,
    iat,
    exp: iat + lifeSeconds,
    ttl: revocationsCacheSeconds,
    keys: [...keys],
    ...namesOf([...accounts]),
    cut_off: restoredAt,
  }
  return sign(revocationsTyp, feed)
}

function namesOf(accounts: readonly AccountRevocations[]): Pick<RevocationFeed, 'revoked' | 'cut_offs'> {
  const names = (what: keyof RevocationFeed['revoked']) =>
    accounts.map(({ revoked }) => [...revoked[what].keys()].join('')).join('')
  const cut_offs = Object.fromEntries(
    cutoffScopes.map((scope) => [scope, Object.fromEntries(accounts.flatMap(({ cutoffs }) => [...cutoffs[scope]]))]),
  )
  return {
    revoked: { token: names('token'), session: names('session'), client_key: names('client_key') },
    // one for each scope of the schema
    cut_offs: cut_offs as RevocationFeed['cut_offs'],
  }
}
