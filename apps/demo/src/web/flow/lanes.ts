import type { Lane } from './exchange.js'

/** What each lane is called, and what it is. */
export const lanes: Readonly<Record<Lane, { readonly name: string; readonly about: string }>> = {
  browser: { name: 'Page', about: 'the host page in your browser; it holds no secret' },
  widget: { name: 'Widget', about: 'an iframe on an origin of its own' },
  backend: { name: 'Backend', about: 'the shop’s server; it holds the secret key' },
  'widget-host': { name: 'Provider', about: 'the backend of whoever provides the widget' },
  processor: { name: 'Processor', about: 'the card processor’s backend; it redeems tokens' },
  hallpass: { name: 'Hallpass', about: 'mints, spends, refreshes and revokes' },
  evil: { name: 'Attacker', about: 'somebody else’s page or script' },
}
