import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { root } from '../../rules/support/repository.js'

const releasesFolder = join(root, 'tests/material/releases')

/** What is in a kept database, so that a later version can use it. */
export interface Facts {
  /** The server's time, in milliseconds since the epoch. */
  readonly madeAt: number
  /** base64url */
  readonly masterKey: string
  readonly issuer: string
  readonly kids: readonly string[]
  readonly migrations: readonly string[]
  /** The number of rows in each table. */
  readonly rows: Readonly<Record<string, number>>
  readonly bridgeToken: string
  readonly revokedBridgeToken: string
  readonly guest: { readonly token: string; readonly refreshToken: string }
  readonly user: { readonly token: string; readonly refreshToken: string }
  /** Not exchanged yet. */
  readonly visitorToken: string
  /** Not redeemed yet. */
  readonly cardToken: string
  readonly redeemedCardToken: string
  /** A call to mint a bridge token and its response. */
  readonly replay: { readonly key: string; readonly bridgeToken: string }
}

export type DatabaseKind = 'sqlite' | 'postgres'

/** The files of a release. */
export const filesOf = (version: string, kind: DatabaseKind) => ({
  facts: join(releasesFolder, version, `${kind}.json`),
  database: join(releasesFolder, version, kind === 'sqlite' ? 'sqlite.db.gz' : 'postgres.sql.gz'),
})

export const keptVersions = (): readonly string[] => readdirSync(releasesFolder).toSorted()

export function readRelease(version: string, kind: DatabaseKind): { facts: Facts; database: Buffer } {
  const { facts, database } = filesOf(version, kind)
  return { facts: JSON.parse(readFileSync(facts, 'utf8')), database: gunzipSync(readFileSync(database)) }
}
