import type { Config } from '../../config.js'
import { dataKeySetting } from '../../crypto/seal-ring.js'
import { isProduction } from '../../exposure/exposure.js'
import { resolveDatabase } from '../../store/resolve-database.js'

/** What is known of a server before its database is examined. */
export interface Purpose {
  /** Whether it is for production, so that an exposure keeps it from starting. */
  readonly strict: boolean
  /** Why the database can't be read, if it was tried. A pooler would answer a second try later. */
  readonly failure?: unknown
}

/** Whether a server with these settings is for production. It isn't if that depends on a database which can't be read. */
export async function purposeOf(config: Config): Promise<Purpose> {
  // the database isn't needed
  if (config.profile) return { strict: isProduction(config, false) }
  const place = resolveDatabase(config.databaseUrl, 1, config.databaseDirectUrl)
  try {
    return { strict: isProduction(config, (await place.peek(dataKeySetting)).hasProductionAccount) }
  } catch (failure) {
    return { strict: false, failure }
  } finally {
    await place.leave()
  }
}
