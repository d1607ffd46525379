import type { Addresses } from './addresses.js'
import type { Shop } from './read-shop.js'

/** The text that `npm start` prints: URLs, keys, and one curl command for each API. */
export function welcome(addresses: Readonly<Addresses>, shop: Shop): string {
  const { hallpassUrl, demoUrl, widgetsUrl, attackerUrl } = addresses
  const authorization = `-H ${quote(`Authorization: Bearer ${shop.secretKey}`)}`
  const json = (body: object) => `-H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`
  const guestUrl = `${hallpassUrl}/api/v1/widget/auth/guest`
  const cardUrl = `${hallpassUrl}/v1/cards/${shop.cards[0]?.id}/widget_token?widget_type=REVEAL`
  const lines = [
    `demo listening on ${demoUrl}`,
    `widgets listening on ${widgetsUrl}`,
    `attacker page listening on ${attackerUrl}`,
    '',
    `secret key (backends only)  ${shop.secretKey}`,
    `client key (browsers)       ${shop.clientKey}`,
    `console key (operators)     ${shop.consoleKey}`,
    '',
    `curl -s ${hallpassUrl}/v1/bridge/initialize ${authorization} ${json({ customer_id: shop.customer.id })}`,
    `curl -s ${guestUrl} -H ${quote(`Origin: ${demoUrl}`)} ${json({ client_key: shop.clientKey })}`,
    `curl -s ${quote(cardUrl)} ${authorization}`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Quotes a word for a POSIX shell. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
