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
    refresh: mutation('visitor.refresh'),
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
  }),
})

/** The type that a typed client is made from. */
export type AppRouter = typeof appRouter
