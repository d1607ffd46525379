import { readFileSync } from 'node:fs'
import { Fixture, Issues, parseWith } from '@hallpass/contracts'
import { DemoError } from './errors.js'

/** The demo's Hallpass account: its keys, and the logged-in user. The keys never leave this process. */
export interface Shop {
  readonly secretKey: string
  readonly clientKey: string
  /** The logged-in user. The backend doesn't rely on the browser for this. */
  readonly user: { readonly id: string; readonly displayName: string; readonly email: string }
  readonly customer: { readonly id: string; readonly name: string }
  readonly cards: readonly { readonly id: string; readonly lastFour: string }[]
  /** The widget host's key, which can introspect tokens. */
  readonly widgetHostKey: string
  /** The key of the card processor and of the voice guide, which can redeem tokens. */
  readonly processorKey: string
  /** The key with which the operator signs in to the console. */
  readonly consoleKey: string
  /** Another account of the same Hallpass, which must not be able to use the shop's tokens. */
  readonly otherAccount: { readonly secretKey: string; readonly customerId: string; readonly cardId: string }
}

type Account = Fixture['accounts'][number]

/** Reads the fixture, and declares the kind of token of the voice guide in the shop's account. */
export function readFixture(path: string): Fixture {
  const { accounts } = readJson(path)
  const [own, ...others] = accounts
  const fixture = parseWith(Fixture, { accounts: [{ ...own, kinds: [readJson(voiceGuidePath)] }, ...others] })
  if (fixture instanceof Issues) throw new DemoError(`The fixture ${path} is invalid.`)
  return fixture
}

const voiceGuidePath = new URL('../../kinds/voice-guide.json', import.meta.url)
const readJson = (path: string | URL) => JSON.parse(readFileSync(path, 'utf8'))

/** Limits the fixture's client keys to these origins. */
export function admitOnly(fixture: Fixture, origins: readonly string[]): Fixture {
  const admit = (account: Account): Account => ({
    ...account,
    client_keys: account.client_keys.map((key) => ({ ...key, origin_allowlist: [...origins] })),
  })
  return { accounts: fixture.accounts.map(admit) }
}

/** Reads the shop from Hallpass's fixture: the first account is the shop's, the second one is the other account. */
export function readShop({ accounts }: Fixture): Shop {
  const [own, other] = accounts
  const clientKey = own?.client_keys.find(({ disabled }) => !disabled)
  const customer = own?.customers.find(({ status }) => status === 'verified')
  const [customerOfOther] = other?.customers ?? []
  const [cardOfOther] = other?.cards ?? []
  if (!own || !other || !clientKey || !customer || !customerOfOther || !cardOfOther) {
    throw new DemoError(
      'The fixture must contain an account with a client key and a verified customer, and a second account with a customer and a card.',
    )
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
    otherAccount: {
      secretKey: keyOf(other, 'backend'),
      customerId: customerOfOther.id,
      cardId: cardOfOther.id,
    },
  }
}

function keyOf(account: Account, name: string): string {
  const key = account.api_keys.find((candidate) => candidate.name === name && !candidate.disabled)
  if (key?.secret !== undefined) return key.secret
  throw new DemoError(`The fixture's account ${account.name} has no secret key named "${name}".`)
}
