import { randomBytes, randomUUID } from 'node:crypto'

type Fields = Readonly<Record<string, unknown>>

/** Banks that don't exist. */
export const banks = [
  { id: 'harbor', name: 'Harbor Federal', routing_number: '990000013', last_four: '4821' },
  { id: 'juniper', name: 'Juniper Trust', routing_number: '990000026', last_four: '7730' },
] as const

/** The status of a connection for each sandbox outcome that a bridge token can ask for. */
const statuses: Readonly<Record<string, string>> = { active: 'active', review: 'review', rejected: 'rejected' }

/** The documented response for a bank that the customer chose, or an account that they entered. Undefined if it is invalid. */
export function makePaykey(claims: Fields, choice: Fields): object | undefined {
  const account = accountOf(choice)
  if (!account) return undefined
  const { institution_name, source, routing_number, last_four } = account
  const now = new Date().toISOString()
  return {
    meta: { api_request_id: randomUUID(), api_request_timestamp: now },
    response_type: 'object',
    data: {
      id: randomUUID(),
      paykey: `${randomBytes(4).toString('hex')}.02.${randomBytes(32).toString('hex')}`,
      customer_id: claims.sub,
      label: `${institution_name} · checking ····${last_four}`,
      institution_name,
      source,
      status: statuses[String(claims.sandbox_outcome)] ?? 'active',
      created_at: now,
      updated_at: now,
      bank_data: { routing_number, account_number: `****${last_four}`, account_type: 'checking' },
    },
  }
}

function accountOf({ bank, routing_number, account_number }: Fields) {
  const chosen = banks.find(({ id }) => id === bank)
  if (chosen) {
    const { name, routing_number: routing, last_four } = chosen
    return { institution_name: name, source: 'straddle', routing_number: routing, last_four }
  }
  if (typeof routing_number !== 'string' || !isRoutingNumber(routing_number)) return undefined
  if (typeof account_number !== 'string' || !/^\d{4,17}$/.test(account_number)) return undefined
  const last_four = account_number.slice(-4)
  return { institution_name: 'Bank account', source: 'bank_account', routing_number, last_four }
}

/** Nine digits with the checksum of the American Bankers Association. */
function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false
  const sum = [...text].reduce((total, digit, index) => total + Number(digit) * ([3, 7, 1][index % 3] ?? 0), 0)
  return sum % 10 === 0
}
