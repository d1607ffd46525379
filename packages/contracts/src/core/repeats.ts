/**
 * What happens if a call is sent again: `read` changes nothing; `keyed` runs once per idempotency key; `repeatable` has
 * the same result again; `once` must not be sent twice.
 */
export type Repeat = 'read' | 'keyed' | 'repeatable' | 'once'

/** An operation's repeat at the path that is its id. */
export interface RepeatTree {
  readonly [name: string]: Repeat | RepeatTree
}

/**
 * How every operation repeats, as a tree of ids in alphabetical order, which compresses better than a list. The client
 * uses this at run time, and doesn't compile unless it matches `operations`.
 */
export const repeats = {
  admin: {
    accounts: {
      create: 'keyed',
      list: 'read',
      update: 'keyed',
    },
    activity: {
      list: 'read',
    },
    apiKeys: {
      create: 'keyed',
      disable: 'keyed',
      list: 'read',
      rotate: 'keyed',
    },
    audit: {
      list: 'read',
    },
    caller: {
      get: 'read',
    },
    cards: {
      get: 'read',
      list: 'read',
      upsert: 'keyed',
    },
    clientKeys: {
      allowOrigin: 'keyed',
      create: 'keyed',
      embedPolicy: 'read',
      list: 'read',
      try: 'repeatable',
      update: 'keyed',
    },
    customers: {
      get: 'read',
      list: 'read',
      upsert: 'keyed',
    },
    kinds: {
      disable: 'keyed',
      get: 'read',
      list: 'read',
      put: 'keyed',
    },
    refusals: {
      get: 'read',
      list: 'read',
    },
    sessions: {
      revoke: 'keyed',
    },
    signingKeys: {
      list: 'read',
      revoke: 'once',
      rotate: 'once',
    },
    webhooks: {
      create: 'keyed',
      delete: 'keyed',
      deliveries: 'read',
      get: 'read',
      list: 'read',
      replay: 'keyed',
      rotateSecret: 'keyed',
      test: 'keyed',
      update: 'keyed',
    },
  },
  bridge: {
    initialize: 'keyed',
  },
  card: {
    widgetToken: 'keyed',
  },
  kinds: {
    mint: 'keyed',
    pageToken: 'once',
    redeem: 'keyed',
  },
  tokens: {
    identify: 'repeatable',
    introspect: 'repeatable',
    redeem: 'keyed',
    revoke: 'repeatable',
  },
  visitor: {
    config: 'read',
    embedTicket: 'once',
    exchange: 'once',
    guest: 'once',
    logout: 'repeatable',
    refresh: 'once',
    tokenExchange: 'once',
    userToken: 'once',
  },
} as const satisfies RepeatTree
