import type { Mints, TestHallpass, TestSession } from './types.js'

interface Sent {
  readonly key?: string
  readonly origin?: string
  readonly body?: object
  readonly form?: Readonly<Record<string, string>>
}

const localPage = 'http://localhost:3000'

/** Calls the server as a page and a backend would. */
export function createMints(url: string, keys: TestHallpass['keys']): Pick<TestHallpass, 'mint' | 'revoke'> {
  const visitor = (path: string, body: object, sent: Sent): Promise<TestSession & { readonly user_token: string }> =>
    post(`${url}/api/v1/widget/auth/${path}`, { ...sent, body })
  const mint: Mints = {
    guest: ({ clientKey = keys.clientKey, origin = localPage } = {}) =>
      visitor('guest', { client_key: clientKey }, { origin }),
    async user(userId, { apiKey = keys.apiKey, clientKey = keys.clientKey, origin = localPage, ...user } = {}) {
      const { displayName, email } = user
      const who = { client_key: clientKey, user_id: userId, display_name: displayName, email }
      const { user_token } = await visitor('user-token', who, { key: apiKey })
      return visitor('exchange', { token: user_token }, { origin })
    },
    async bridgeToken({ apiKey = keys.apiKey, customerId = keys.customerId, externalId } = {}) {
      const body = { customer_id: customerId, external_id: externalId }
      const { data } = await post(`${url}/v1/bridge/initialize`, { key: apiKey, body })
      return data.bridge_token
    },
    async cardToken({ apiKey = keys.apiKey, cardId = keys.cardId, widgetType = 'REVEAL' } = {}) {
      const query = new URLSearchParams({ widget_type: widgetType })
      return (await post(`${url}/v1/cards/${cardId}/widget_token?${query}`, { key: apiKey })).widget_token
    },
  }
  const revoke = async (token: string, { apiKey = keys.apiKey }: { readonly apiKey?: string } = {}) => {
    await post(`${url}/oauth2/revoke`, { key: apiKey, form: { token } })
  }
  return { mint, revoke }
}

async function post(url: string, { key, origin, body, form }: Sent) {
  const headers = {
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    ...(origin === undefined ? {} : { Origin: origin }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  }
  const sent = form ? { body: new URLSearchParams(form) } : body ? { body: JSON.stringify(body) } : {}
  const response = await fetch(url, { method: 'POST', headers, ...sent })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${new URL(url).pathname}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
