import { readFileSync } from 'node:fs'
import { Faults, Fixture, parseWith } from '@hallpass/contracts'
import { DemoError } from './errors.js'

/** The customer of Hallpass that the demo plays: its keys, and who is logged in. Keys stay in this process. */
export interface Shop {
  readonly secretKey: string
  readonly clientKey: string
  /** The logged-in user. The backend knows who that is; the browser is never asked. */
  readonly user: { readonly id: string; readonly displayName: string; readonly email: string }
  readonly customer: { readonly id: string; readonly name: string }
  readonly cards: readonly { readonly id: string; readonly lastFour: string }[]
  /** What the widget host may do at Hallpass: ask about bridge and session tokens. */
  readonly widgetHostKey: string
  /** What the card processor may do at Hallpass: redeem card tokens. */
  readonly processorKey: string
  /** For the operator, who types it into the console. */
  readonly consoleKey: string
  /** Another customer of the same Hallpass, who must not get anywhere with what is the shop's. */
  readonly stranger: { readonly secretKey: string; readonly customerId: string; readonly cardId: string }
}

type Account = Fixture['accounts'][number]

export function readFixture(path: string): Fixture {
  const fixture = parseWith(Fixture, JSON.parse(readFileSync(path, 'utf8')))
  if (fixture instanceof Faults) throw new DemoError(`the fixture ${path} is not valid`)
  return fixture
}

/** The fixture with the shop's client key for these pages alone: the demo shows that others are refused. */
export function admitOnly(fixture: Fixture, origins: readonly string[]): Fixture {
  const admit = (account: Account): Account => ({
    ...account,
    client_keys: account.client_keys.map((key) => ({ ...key, origin_allowlist: [...origins] })),
  })
  return { accounts: fixture.accounts.map(admit) }
}

/** Reads the shop out of the fixture that Hallpass is filled with: its first account, and its second for the stranger. */
export function readShop({ accounts }: Fixture): Shop {
  const [own, other] = accounts
  const clientKey = own?.client_keys.find(({ disabled }) => !disabled)
  const customer = own?.customers.find(({ status }) => status === 'verified')
  const [customerOfOther] = other?.customers ?? []
  const [cardOfOther] = other?.cards ?? []
  if (!own || !other || !clientKey || !customer || !customerOfOther || !cardOfOther) {
    throw new DemoError('the fixture needs an account with a client key and a verified customer, and a second account')
  }
  return {
    secretKey: keyOf(own, 'backend'),
    widgetHostKey: keyOf(own, 'widget host'),
    processorKey: keyOf(own, 'processor'),
    consoleKey: keyOf(own, 'console'),
    clientKey: clientKey.client_key,
    user: { id: 'user_42', displayName: customer.name, email: 'user_42@shop.example' },
    customer: { id: customer.id, name: customer.name },
    cards: own.cards.map(({ id, last_four }) => ({ id, lastFour: last_four ?? '0000' })),
    stranger: {
      secretKey: keyOf(other, 'backend'),
      customerId: customerOfOther.id,
      cardId: cardOfOther.id,
    },
  }
}

function keyOf(account: Account, name: string): string {
  const key = account.api_keys.find((candidate) => candidate.name === name && !candidate.disabled)
  if (key?.secret !== undefined) return key.secret
  throw new DemoError(`the fixture has no secret key called "${name}" in the account ${account.name}`)
}
