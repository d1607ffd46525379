import type { Lane } from './exchange.js'

/** The name and description of each lane. */
export const lanes: Readonly<Record<Lane, { readonly name: string; readonly about: string }>> = {
  browser: { name: 'Page', about: 'the host page in your browser; it holds no secrets' },
  widget: { name: 'Widget', about: 'an iframe on its own origin' },
  backend: { name: 'Backend', about: 'the shop’s server; it holds the secret key' },
  'widget-host': { name: 'Provider', about: 'the widget provider’s backend' },
  processor: { name: 'Processor', about: 'the card processor’s backend; it redeems tokens' },
  hallpass: { name: 'Hallpass', about: 'mints, redeems, refreshes and revokes tokens' },
  attacker: { name: 'Attacker', about: 'someone else’s page or script' },
}
