import { widgetTypes } from '../core/enums.js'

const common = { start_within_seconds: null, actions: [], resource: 'none', claims: null } as const
const hours = 3600

/**
 * The kinds of the three documented APIs, as declarations. Lifetimes and types come from here, and so does the table in
 * docs/kinds.md. Their claims have schemas of their own: see claims.ts.
 */
export const builtInKinds = {
  bridge: {
    ...common,
    name: 'bridge',
    title: 'Lets a customer link a bank account',
    form: 'jwt',
    ttl_seconds: { default: 4 * hours, max: 4 * hours },
    uses: null,
    typ: 'bridge+jwt',
    minted_by: ['secret_key'],
  },
  visitor: {
    ...common,
    name: 'visitor',
    title: 'Begins the session of a user',
    form: 'jwt',
    ttl_seconds: { default: 300, max: 300 },
    uses: 1,
    typ: 'visitor+jwt',
    minted_by: ['secret_key'],
  },
  'widget-session': {
    ...common,
    name: 'widget-session',
    title: 'The session of a visitor',
    form: 'jwt',
    ttl_seconds: { default: 900, max: 900 },
    uses: null,
    typ: 'widget-session+jwt',
    minted_by: ['client_key'],
  },
  'embed-ticket': {
    ...common,
    name: 'embed-ticket',
    title: 'Proves the page that embeds a widget',
    form: 'jwt',
    ttl_seconds: { default: 60, max: 60 },
    uses: 1,
    typ: 'embed-ticket+jwt',
    minted_by: ['client_key'],
  },
  // each use replaces it, for the longest lifetime in all
  refresh: {
    ...common,
    name: 'refresh',
    title: 'Continues a session',
    form: 'opaque',
    ttl_seconds: { default: 24 * hours, max: 7 * 24 * hours },
    uses: 1,
    minted_by: ['client_key'],
  },
  card: {
    ...common,
    name: 'card',
    title: 'Shows or changes one card',
    form: 'opaque',
    ttl_seconds: { default: 300, max: 300 },
    uses: 1,
    actions: widgetTypes,
    minted_by: ['secret_key'],
  },
} as const

export type BuiltInKind = keyof typeof builtInKinds

// the keys of the table are the names
export const builtInKindNames = Object.keys(builtInKinds) as BuiltInKind[]
