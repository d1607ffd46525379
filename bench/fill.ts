import { acme } from './fixture.js'

/** Runs a statement, and returns its rows. */
export type Execute = (sql: string) => Promise<readonly Record<string, unknown>[]>

/** Another account, so that what grows belongs to someone else. */
const other = '11111111-2222-4333-8444-555555555555'
const day = 86_400_000

/**
 * Fills a database that `hallpass serve` made, as a server in long use would have: half of the rows belong to the account
 * that is measured, the other half to another one. The server must be stopped.
 */
export async function fill(execute: Execute, kind: 'sqlite' | 'postgres', count: number): Promise<void> {
  await addOther(execute)
  const half = Math.ceil(count / 2)
  for (const account of [acme.account, other])
    for (const rows of rowsOf(account, half, hexOf[kind])) await execute(rows)
}

async function addOther(execute: Execute): Promise<void> {
  const [account = {}] = await execute(`select * from accounts where id = '${acme.account}'`)
  const columns = Object.keys(account)
  const values = columns.map((name) =>
    name === 'id' || name === 'root_id' ? `'${other}'` : name === 'tenant' ? "'9_9'" : name,
  )
  await execute(
    `insert into accounts (${columns.join()}) select ${values.join()} from accounts where id = '${acme.account}'`,
  )
}

/** A number with twelve hexadecimal digits. */
const hexOf = {
  sqlite: (number: string) => `printf('%012x', ${number})`,
  postgres: (number: string) => `lpad(to_hex(${number}), 12, '0')`,
} as const

/** Statements that add this many rows of each kind. A number makes each key unique, in the shape that the server uses. */
function rowsOf(account: string, rows: number, hex: (number: string) => string): string[] {
  const now = Date.now()
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})`
  const uuid = `'${account.slice(0, 8)}-0000-4000-8000-' || ${hex('i')}`
  const at = `${now - day / 2} + i % ${day / 4}`
  const uuid7 = `substr(${hex(at)}, 1, 8) || '-' || substr(${hex(at)}, 9, 4) || '-7000-8000-' || ${hex('i')} || '${account.slice(0, 2)}'`
  const add = (table: string, columns: string, values: string) =>
    `insert into ${table} (${columns}) ${numbers} select ${values} from n`
  return [
    add('customers', 'account_id, id, name, status', `'${account}', ${uuid}, 'Customer ' || i, 'verified'`),
    add('cards', 'account_id, id, customer_id, status', `'${account}', ${uuid}, ${uuid}, 'ACTIVE'`),
    add(
      'token_states',
      'account_id, kind, jti, state, decided_at, expires_at',
      `'${account}', 'bridge', ${uuid}, case i % 2 when 0 then 'spent' else 'revoked' end, ${now - day / 2}, ${now + day}`,
    ),
    add(
      'card_tokens',
      'account_id, token_hash, jti, card_id, widget_type, issued_at, expires_at, redeemed_at',
      `'${account}', ${uuid}, ${uuid}, ${uuid}, 'REVEAL', ${now - day / 2}, ${now + day}, ${now - day / 2}`,
    ),
    add(
      'sessions',
      'account_id, sid, counter, revoked_at, expires_at',
      `'${account}', ${uuid}, 1, ${now - day / 2}, ${now + day}`,
    ),
    add(
      'refusals',
      'id, account_id, request_id, at, operation, reason, rule, fix',
      `${uuid7}, '${account}', ${uuid}, ${at}, 'bridge.initialize', 'not_found', 'r', 'f'`,
    ),
    add(
      'client_keys',
      `id, account_id, name, client_key, origin_allowlist, auth_mode, widget_enabled, disabled, agent, branding, copy,
       locale, supported_locales`,
      `${uuid}, '${account}', 'key ' || i, ${uuid}, '[]', 'both', 1, 0, '{}', '{}', '{}', 'en', '[]'`,
    ),
  ]
}
