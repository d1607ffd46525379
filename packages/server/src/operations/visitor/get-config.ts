import type { OutputOf, visitorConfig } from '@hallpass/contracts'
import type { ClientKey } from '../../store/queries/client-keys.js'

/** What a widget shows before anyone is known (seed 002). The allowlist is never part of it. */
export const getConfig = { run }

async function run({ clientKey }: { readonly clientKey: ClientKey }): Promise<OutputOf<typeof visitorConfig>> {
  return clientKey.config
}
