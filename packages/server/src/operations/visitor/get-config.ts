import type { OutputOf, visitorConfig } from '@hallpass/contracts'
import type { ClientKey } from '../../store/queries/client-keys.js'

/** What a widget shows before the visitor is known. Never contains the allowlist. */
export const getConfig = { run }

async function run({ clientKey }: { readonly clientKey: ClientKey }): Promise<OutputOf<typeof visitorConfig>> {
  return clientKey.config
}
