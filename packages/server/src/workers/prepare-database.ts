import type { Logger } from 'pino'
import { systemClock } from '../clock.js'
import type { Config } from '../config.js'
import { createAuditLog } from '../execute/log-audit.js'
import { readFixture, warningsOf } from '../fixture/import-fixture.js'
import { keepLatestTime } from '../latest-time.js'
import { openStore } from '../open-store.js'
import type { ProcessClock } from '../process-clock.js'
import { openKeyRing } from '../signing/key-ring.js'

/**
 * Does once what each worker would otherwise do: locks, migrates, imports, makes the first signing key, and continues
 * from the latest time used. Returns a function that unlocks the database.
 */
export async function prepareDatabase(
  config: Config,
  processClock: ProcessClock,
  log: Pick<Logger, 'warn' | 'child'>,
): Promise<() => Promise<void>> {
  const fixture = config.fixture === undefined ? undefined : readFixture(config.fixture)
  const { store, keys, imported, recorded, close } = await openStore(config, systemClock, { fixture, exclusive: true })
  recorded.forEach(createAuditLog(log, config.auditLog))
  for (const warning of imported ? warningsOf(imported) : []) log.warn(warning)
  try {
    const stopNoting = await keepLatestTime({ processClock, store, log })
    await openKeyRing({ clock: processClock.clock, store, dataKeys: keys.ring, alg: config.signingAlg })
    return async () => {
      await stopNoting()
      await close()
    }
  } catch (error) {
    await close()
    throw error
  }
}
