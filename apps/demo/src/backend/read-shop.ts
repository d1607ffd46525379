import { readFileSync } from 'node:fs'
import { Faults, Fixture, parseWith, type WidgetType } from '@hallpass/contracts'
import { DemoError } from './errors.js'

/** The customer of Hallpass that the demo plays: its keys, and who is logged in. */
export interface Shop {
  /** Stays in this process. */
  readonly secretKey: string
  readonly clientKey: string
  /** The logged-in user. The backend knows who that is; the browser is never asked. */
  readonly user: { readonly id: string; readonly displayName: string; readonly email: string }
  readonly customerId: string
  readonly cardId: string
  /** What the card widget is opened for. */
  readonly widgetType: WidgetType
}

/** Reads the shop from the fixture that Hallpass is filled with: its first account with all that the demo needs. */
export function readShop(fixturePath: string): Shop {
  const fixture = parseWith(Fixture, JSON.parse(readFileSync(fixturePath, 'utf8')))
  if (fixture instanceof Faults) throw new DemoError(`the fixture ${fixturePath} is not valid`)
  const shop = fixture.accounts.map(shopOf).find((found) => found !== undefined)
  if (shop) return shop
  throw new DemoError(
    `the fixture ${fixturePath} has no account with a key of all scopes, a client key, a verified customer and an active card`,
  )
}

function shopOf(account: Fixture['accounts'][number]): Shop | undefined {
  const key = account.api_keys.find(({ scopes, disabled }) => scopes.includes('*') && !disabled)
  const clientKey = account.client_keys.find(({ disabled }) => !disabled)
  const customer = account.customers.find(({ status }) => status === 'verified')
  const card = account.cards.find(({ status }) => status === 'ACTIVE')
  if (!key || !clientKey || !customer || !card) return undefined
  return {
    secretKey: key.secret,
    clientKey: clientKey.client_key,
    user: { id: 'user_42', displayName: customer.name, email: 'user_42@shop.example' },
    customerId: customer.id,
    cardId: card.id,
    widgetType: 'REVEAL',
  }
}
