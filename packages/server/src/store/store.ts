import { type Kysely, sql } from './kysely.js'
import { accountQueries } from './queries/accounts.js'
import { activityQueries } from './queries/activity.js'
import { apiKeyQueries } from './queries/api-keys.js'
import { auditQueries } from './queries/audit.js'
import { auditChainQueries } from './queries/audit-chain.js'
import { auditReviewQueries } from './queries/audit-review.js'
import { cardTokenQueries } from './queries/card-tokens.js'
import { clientKeyQueries } from './queries/client-keys.js'
import { customerQueries } from './queries/customers.js'
import { cutOffQueries } from './queries/cut-offs.js'
import { idempotencyQueries } from './queries/idempotency-keys.js'
import { importedRecordQueries } from './queries/imported-records.js'
import { latestTimeQueries } from './queries/latest-time.js'
import { refusalQueries } from './queries/refusals.js'
import { restoreQueries } from './queries/restores.js'
import { revocationCountQueries } from './queries/revocation-counts.js'
import { revocationQueries } from './queries/revocations.js'
import { sessionQueries } from './queries/sessions.js'
import { settingQueries } from './queries/settings.js'
import { signingKeyQueries } from './queries/signing-keys.js'
import { sweepQueries } from './queries/sweep.js'
import { tokenStateQueries } from './queries/token-states.js'
import { noGuard, type RowGuard, rowGuardQueries } from './row-guard.js'
import type { Database } from './schema.js'
import { type Scopes, scopesOf } from './scope.js'

const queriesOf = (scopes: Scopes, guard: RowGuard) => ({
  ...accountQueries(scopes),
  ...apiKeyQueries(scopes, guard),
  ...clientKeyQueries(scopes, guard),
  ...rowGuardQueries(scopes),
  ...customerQueries(scopes),
  ...importedRecordQueries(scopes),
  ...tokenStateQueries(scopes),
  ...cutOffQueries(scopes),
  ...sessionQueries(scopes),
  ...revocationQueries(scopes),
  ...revocationCountQueries(scopes),
  ...cardTokenQueries(scopes),
  ...idempotencyQueries(scopes),
  ...signingKeyQueries(scopes),
  ...restoreQueries(scopes),
  ...latestTimeQueries(scopes),
  ...settingQueries(scopes),
  ...activityQueries(scopes),
  ...refusalQueries(scopes),
  ...auditQueries(scopes),
  ...auditChainQueries(scopes),
  ...auditReviewQueries(scopes),
  ...sweepQueries(scopes),
})

/** All that the service asks of its database: intent-named, each decision one conditional write. */
export interface Store extends ReturnType<typeof queriesOf> {
  /** Runs several decisions as one: all of them hold or none. */
  transaction<T>(run: (store: Store) => Promise<T>): Promise<T>
  /** Throws when the database cannot be reached. */
  ping(): Promise<void>
}

/** `guard` tells which rows of keys are as they were written. */
export function createStore(db: Kysely<Database>, guard: RowGuard = noGuard): Store {
  const store: Store = {
    ...queriesOf(scopesOf(db), guard),
    // a transaction within a transaction is the same one
    transaction: (run) =>
      db.isTransaction ? run(store) : db.transaction().execute((trx) => run(createStore(trx, guard))),
    async ping() {
      await sql`select 1`.execute(db)
    },
  }
  return store
}
