import { accountQueries } from './accounts.js'
import { activityQueries } from './activity.js'
import { apiKeyQueries } from './api-keys.js'
import { auditQueries } from './audit.js'
import { auditChainQueries } from './audit-chain.js'
import { auditReviewQueries } from './audit-review.js'
import { cardTokenQueries } from './card-tokens.js'
import { clientKeyQueries } from './client-keys.js'
import { customerQueries } from './customers.js'
import { cutOffQueries } from './cut-offs.js'
import { idempotencyQueries } from './idempotency-keys.js'
import { importedRecordQueries } from './imported-records.js'
import { type Kysely, sql } from './kysely.js'
import { latestTimeQueries } from './latest-time.js'
import { refusalQueries } from './refusals.js'
import { restoreQueries } from './restores.js'
import { revocationCountQueries } from './revocation-counts.js'
import { revocationQueries } from './revocations.js'
import { noGuard, type RowGuard, rowGuardQueries } from './row-guard.js'
import type { Database } from './schema.js'
import { type Scopes, scopesOf } from './scope.js'
import { sessionQueries } from './sessions.js'
import { settingQueries } from './settings.js'
import { signingKeyQueries } from './signing-keys.js'
import { sweepQueries } from './sweep.js'
import { tokenStateQueries } from './token-states.js'

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
