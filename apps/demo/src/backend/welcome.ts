import type { Shop } from './read-shop.js'

interface Addresses {
  readonly hallpassUrl: string
  readonly demoUrl: string
}

/** What a person reads once everything runs: the keys, and one line per API to paste into a shell. */
export function welcome({ hallpassUrl, demoUrl }: Addresses, shop: Shop): string {
  const authorization = `-H ${quote(`Authorization: Bearer ${shop.secretKey}`)}`
  const json = (body: object) => `-H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`
  const guestUrl = `${hallpassUrl}/api/v1/widget/auth/guest`
  const cardUrl = `${hallpassUrl}/v1/cards/${shop.cardId}/widget_token?widget_type=${shop.widgetType}`
  const lines = [
    `demo listening on ${demoUrl}`,
    '',
    `secret key (backends only)  ${shop.secretKey}`,
    `client key (browsers)       ${shop.clientKey}`,
    '',
    `curl -s ${hallpassUrl}/v1/bridge/initialize ${authorization} ${json({ customer_id: shop.customerId })}`,
    `curl -s ${guestUrl} -H ${quote(`Origin: ${demoUrl}`)} ${json({ client_key: shop.clientKey })}`,
    `curl -s ${quote(cardUrl)} ${authorization}`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** A word that a POSIX shell takes as it stands. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
