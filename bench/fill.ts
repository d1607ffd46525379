import { openSqliteFile, type Sqlite } from '../tests/system/support/servers/server-parts.js'
import { acme } from './fixture.js'

/** Another account, so that what grows belongs to someone else. */
const other = '11111111-2222-4333-8444-555555555555'
const day = 86_400_000

/**
 * Fills a SQLite database that `hallpass serve` made, as a server in long use would have: half of the rows belong to the
 * account that is measured, the other half to another one. Server and database must be stopped.
 */
export function fill(path: string, count: number): void {
  const db = openSqliteFile(path)
  db.exec('pragma synchronous = OFF; begin')
  addOther(db)
  const half = Math.ceil(count / 2)
  for (const account of [acme.account, other]) for (const rows of rowsOf(account, half)) db.exec(rows)
  db.exec('commit')
  db.close()
}

function addOther(db: Sqlite): void {
  const columns = (db.prepare('pragma table_info(accounts)').all() as { name: string }[]).map(({ name }) => name)
  const values = columns.map((name) =>
    name === 'id' || name === 'root_id' ? `'${other}'` : name === 'tenant' ? "'9_9'" : name,
  )
  db.exec(`insert into accounts (${columns.join()}) select ${values.join()} from accounts where id = '${acme.account}'`)
}

/** Statements that add this many rows of each kind. A number makes each key unique, in the shape that the server uses. */
function rowsOf(account: string, rows: number): string[] {
  const now = Date.now()
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})`
  const uuid = `printf('%s-0000-4000-8000-%012x', substr('${account}', 1, 8), i)`
  const time = `printf('%012x', ${now - day / 2} + i % ${day / 4})`
  const uuid7 = `substr(${time}, 1, 8) || '-' || substr(${time}, 9, 4) || printf('-7000-8000-%012x', i) || '${account.slice(0, 2)}'`
  const select = (table: string, columns: string, values: string) =>
    `${numbers} insert into ${table} (${columns}) select ${values} from n`
  return [
    select('customers', 'account_id, id, name, status', `'${account}', ${uuid}, 'Customer ' || i, 'verified'`),
    select('cards', 'account_id, id, customer_id, status', `'${account}', ${uuid}, ${uuid}, 'ACTIVE'`),
    select(
      'token_states',
      'account_id, kind, jti, state, decided_at, expires_at',
      `'${account}', 'bridge', ${uuid}, iif(i % 2, 'spent', 'revoked'), ${now - day / 2}, ${now + day}`,
    ),
    select(
      'card_tokens',
      'account_id, token_hash, jti, card_id, widget_type, issued_at, expires_at, redeemed_at',
      `'${account}', ${uuid}, ${uuid}, ${uuid}, 'REVEAL', ${now - day / 2}, ${now + day}, ${now - day / 2}`,
    ),
    select(
      'sessions',
      'account_id, sid, counter, revoked_at, expires_at',
      `'${account}', ${uuid}, 1, ${now - day / 2}, ${now + day}`,
    ),
    select(
      'refusals',
      'id, account_id, request_id, at, operation, reason, rule, fix',
      `${uuid7}, '${account}', ${uuid}, ${now - day / 2} + i % ${day / 4}, 'bridge.initialize', 'not_found', 'r', 'f'`,
    ),
    `${numbers} insert into client_keys (id, account_id, name, client_key, origin_allowlist, auth_mode, widget_enabled,
      disabled, agent, branding, copy, locale, supported_locales)
     select ${uuid}, '${account}', 'key ' || i, ${uuid}, '[]', 'both', 1, 0, '{}', '{}', '{}', 'en', '[]' from n`,
  ]
}
