import type { Operations, OutputOf } from '@hallpass/contracts'

/** A client key, as listed by the API. */
export type ClientKey = OutputOf<Operations['admin.clientKeys.list']>['data'][number]

/** An identity provider of a client key. */
export type Issuer = NonNullable<ClientKey['trusted_issuers']>[number]

/** A secret key, as listed by the API, without the secret. */
export type SecretKey = OutputOf<Operations['admin.apiKeys.list']>['data'][number]

/** A card, as listed by the API. */
export type Card = OutputOf<Operations['admin.cards.list']>['data'][number]

/** A declared kind of token, as listed by the API. */
export type Kind = OutputOf<Operations['admin.kinds.list']>['data'][number]

/** A webhook endpoint, as listed by the API, without its secret. */
export type Webhook = OutputOf<Operations['admin.webhooks.list']>['data'][number]

/** An event for a webhook endpoint, and how sending it went. */
export type Delivery = OutputOf<Operations['admin.webhooks.deliveries']>['data'][number]
