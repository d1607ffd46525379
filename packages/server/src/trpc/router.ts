import { mutation, query, router } from './init.js'

/** Every operation as a tRPC procedure. */
export const appRouter = router({
  bridge: router({
    initialize: mutation('bridge.initialize'),
  }),
  visitor: router({
    guest: mutation('visitor.guest'),
    userToken: mutation('visitor.userToken'),
    exchange: mutation('visitor.exchange'),
    tokenExchange: mutation('visitor.tokenExchange'),
    refresh: mutation('visitor.refresh'),
    logout: mutation('visitor.logout'),
    config: query('visitor.config'),
    embedTicket: mutation('visitor.embedTicket'),
  }),
  card: router({
    widgetToken: mutation('card.widgetToken'),
  }),
  tokens: router({
    redeem: mutation('tokens.redeem'),
    introspect: mutation('tokens.introspect'),
    revoke: mutation('tokens.revoke'),
    identify: mutation('tokens.identify'),
  }),
  kinds: router({
    mint: mutation('kinds.mint'),
    pageToken: mutation('kinds.pageToken'),
    redeem: mutation('kinds.redeem'),
  }),
  admin: router({
    caller: router({ get: query('admin.caller.get') }),
    accounts: router({
      create: mutation('admin.accounts.create'),
      list: query('admin.accounts.list'),
      update: mutation('admin.accounts.update'),
    }),
    apiKeys: router({
      create: mutation('admin.apiKeys.create'),
      list: query('admin.apiKeys.list'),
      rotate: mutation('admin.apiKeys.rotate'),
      disable: mutation('admin.apiKeys.disable'),
    }),
    clientKeys: router({
      create: mutation('admin.clientKeys.create'),
      list: query('admin.clientKeys.list'),
      update: mutation('admin.clientKeys.update'),
      allowOrigin: mutation('admin.clientKeys.allowOrigin'),
      embedPolicy: query('admin.clientKeys.embedPolicy'),
      try: mutation('admin.clientKeys.try'),
    }),
    customers: router({
      upsert: mutation('admin.customers.upsert'),
      get: query('admin.customers.get'),
      list: query('admin.customers.list'),
    }),
    cards: router({
      upsert: mutation('admin.cards.upsert'),
      get: query('admin.cards.get'),
      list: query('admin.cards.list'),
    }),
    kinds: router({
      put: mutation('admin.kinds.put'),
      get: query('admin.kinds.get'),
      list: query('admin.kinds.list'),
      disable: mutation('admin.kinds.disable'),
    }),
    sessions: router({
      revoke: mutation('admin.sessions.revoke'),
    }),
    webhooks: router({
      create: mutation('admin.webhooks.create'),
      list: query('admin.webhooks.list'),
      get: query('admin.webhooks.get'),
      update: mutation('admin.webhooks.update'),
      rotateSecret: mutation('admin.webhooks.rotateSecret'),
      delete: mutation('admin.webhooks.delete'),
      test: mutation('admin.webhooks.test'),
      deliveries: query('admin.webhooks.deliveries'),
      replay: mutation('admin.webhooks.replay'),
    }),
    signingKeys: router({
      list: query('admin.signingKeys.list'),
      rotate: mutation('admin.signingKeys.rotate'),
      revoke: mutation('admin.signingKeys.revoke'),
    }),
    activity: router({
      list: query('admin.activity.list'),
    }),
    refusals: router({
      get: query('admin.refusals.get'),
      list: query('admin.refusals.list'),
    }),
    audit: router({
      list: query('admin.audit.list'),
    }),
  }),
})

/** The type for a typed client. */
export type AppRouter = typeof appRouter
