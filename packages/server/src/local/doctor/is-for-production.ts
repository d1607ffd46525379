import type { Config } from '../../config.js'
import { dataKeySetting } from '../../crypto/seal-ring.js'
import { resolveDatabase } from '../../store/resolve-database.js'

/** Whether a server with these settings is for production. False if that depends on a database which can't be read. */
export async function isForProduction(config: Config): Promise<boolean> {
  if (config.profile) return config.profile === 'production'
  const place = resolveDatabase(config.databaseUrl, 1, config.databaseDirectUrl)
  try {
    return (await place.peek(dataKeySetting)).hasProductionAccount
  } catch {
    return false
  } finally {
    await place.leave()
  }
}
