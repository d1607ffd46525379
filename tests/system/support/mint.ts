import type { WidgetSession } from '@hallpass/contracts'
import { expect } from 'vitest'
import { acme } from './fixture.js'
import type { TestServer } from './start-server.js'

/** Where each door is, as the documents write it. */
export const paths = {
  bridge: '/v1/bridge/initialize',
  guest: '/api/v1/widget/auth/guest',
  userToken: '/api/v1/widget/auth/user-token',
  exchange: '/api/v1/widget/auth/exchange',
  refresh: '/api/v1/widget/auth/refresh',
  config: '/api/v1/widget/config',
  embedTicket: '/api/v1/widget/auth/embed-ticket',
  redeem: '/v1/widget_tokens/redeem',
  introspect: '/oauth2/introspect',
  revoke: '/oauth2/revoke',
} as const

export type WidgetTypeName = 'ACTIVATE' | 'GET_PIN' | 'REVEAL' | 'SET_PIN'

export const cardPath = (card: string, type: WidgetTypeName) => `/v1/cards/${card}/widget_token?widget_type=${type}`

/** The JSON body of an answer that has to be a 200. */
export async function bodyOf<T>(response: Response): Promise<T> {
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return JSON.parse(text) as T
}

/** A guest session from Acme's shop page. */
export const mintGuest = async (server: TestServer, client_key: string = acme.clientKey) =>
  bodyOf<WidgetSession>(await server.postFromShop(paths.guest, { client_key }))

/** A visitor token that Acme's backend asked for. */
export async function mintUserToken(server: TestServer, more: object = {}): Promise<string> {
  const body = { client_key: acme.clientKey, user_id: 'user_42', ...more }
  return (await bodyOf<{ token: string }>(await server.postAsAcme(paths.userToken, body))).token
}

/** A user's session, exchanged on Acme's shop page. */
export const mintUserSession = async (server: TestServer, more: object = {}) =>
  bodyOf<WidgetSession>(await server.postFromShop(paths.exchange, { token: await mintUserToken(server, more) }))

export const refresh = (server: TestServer, refresh_token: string) =>
  server.postFromShop(paths.refresh, { refresh_token })

/** A bridge token of Acme's customer. */
export async function mintBridgeToken(server: TestServer): Promise<string> {
  const response = await server.postAsAcme(paths.bridge, { customer_id: acme.customer })
  return (await bodyOf<{ data: { bridge_token: string } }>(response)).data.bridge_token
}

/** A card widget token of Acme's active card. */
export async function mintCardToken(server: TestServer, type: WidgetTypeName = 'REVEAL'): Promise<string> {
  const response = await server.get(cardPath(acme.activeCard, type), { Authorization: `Bearer ${acme.key}` })
  return (await bodyOf<{ widget_token: string }>(response)).widget_token
}

/** An embed ticket for Acme's shop page. */
export async function mintEmbedTicket(server: TestServer): Promise<string> {
  const response = await server.postFromShop(paths.embedTicket, { client_key: acme.clientKey })
  return (await bodyOf<{ ticket: string }>(response)).ticket
}

/** What introspection says of a token to Acme. */
export const introspect = async (server: TestServer, token: string) =>
  bodyOf<Record<string, unknown>>(await server.postForm(paths.introspect, { token }))

export const revoke = (server: TestServer, token: string) => server.postForm(paths.revoke, { token })
