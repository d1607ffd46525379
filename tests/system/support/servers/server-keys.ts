import { loadConfig } from '@hallpass/server'
import type { TestClock } from './in-process-server.js'
import { type KeyRing, openKeyRing, openStore, type SigningKey } from './server-parts.js'

/** Reads the signing keys in a server's database, like anyone with its master key. */
export async function readSigningKeys(
  database: string,
  masterKey: Buffer,
  clock: TestClock,
  alg?: SigningKey['alg'],
): Promise<{ active: SigningKey; list: ReturnType<KeyRing['list']> }> {
  const config = { ...loadConfig({ 'database-url': `file:${database}` }, {}), masterKey }
  const { store, keys, close } = await openStore(config, clock, { exclusive: false })
  try {
    const keyRing = await openKeyRing({ clock, store, dataKeys: keys.ring, alg })
    return { active: keyRing.signingKey(), list: keyRing.list() }
  } finally {
    await close()
  }
}
