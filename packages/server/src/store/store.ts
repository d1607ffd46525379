import { runDirectly } from './direct-runs.js'
import { type Kysely, sql } from './kysely.js'
import { lazyObject } from './lazy-object.js'
import { accountQueries } from './queries/accounts.js'
import { activityQueries } from './queries/activity.js'
import { apiKeyQueries } from './queries/api-keys.js'
import { auditQueries } from './queries/audit.js'
import { auditChainQueries } from './queries/audit-chain.js'
import { auditReviewQueries } from './queries/audit-review.js'
import { cardTokenQueries } from './queries/card-tokens.js'
import { clientKeyQueries } from './queries/client-keys.js'
import { customerQueries } from './queries/customers.js'
import { cutoffQueries } from './queries/cutoffs.js'
import { idempotencyQueries } from './queries/idempotency-keys.js'
import { importedRecordQueries } from './queries/imported-records.js'
import { kindTokenQueries } from './queries/kind-tokens.js'
import { kindQueries } from './queries/kinds.js'
import { latestTimeQueries } from './queries/latest-time.js'
import { observedOriginQueries } from './queries/observed-origins.js'
import { originCountQueries } from './queries/origin-counts.js'
import { refusalQueries } from './queries/refusals.js'
import { restoreQueries } from './queries/restores.js'
import { revocationCountQueries } from './queries/revocation-counts.js'
import { revocationQueries } from './queries/revocations.js'
import { sessionQueries } from './queries/sessions.js'
import { settingQueries } from './queries/settings.js'
import { signingKeyQueries } from './queries/signing-keys.js'
import { sweepQueries } from './queries/sweep.js'
import { tokenAudienceQueries } from './queries/token-audiences.js'
import { tokenStandingQueries } from './queries/token-standing.js'
import { tokenStateQueries } from './queries/token-states.js'
import { webhookDeliveryQueries } from './queries/webhook-deliveries.js'
import { webhookEndpointQueries } from './queries/webhook-endpoints.js'
import { webhookQueueQueries } from './queries/webhook-queue.js'
import { noGuard, type RowGuard, rowGuardQueries } from './row-guard.js'
import type { Database } from './schema.js'
import { type Scopes, scopesOf } from './scope.js'

const groups = [
  accountQueries,
  apiKeyQueries,
  clientKeyQueries,
  tokenAudienceQueries,
  rowGuardQueries,
  customerQueries,
  kindQueries,
  kindTokenQueries,
  importedRecordQueries,
  tokenStateQueries,
  tokenStandingQueries,
  cutoffQueries,
  sessionQueries,
  revocationQueries,
  revocationCountQueries,
  cardTokenQueries,
  idempotencyQueries,
  signingKeyQueries,
  restoreQueries,
  latestTimeQueries,
  settingQueries,
  activityQueries,
  originCountQueries,
  observedOriginQueries,
  refusalQueries,
  auditQueries,
  auditChainQueries,
  auditReviewQueries,
  webhookEndpointQueries,
  webhookDeliveryQueries,
  webhookQueueQueries,
  sweepQueries,
] as const

type Group = (scopes: Scopes, guard: RowGuard) => object
type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void ? I : never
type Queries = Intersection<ReturnType<(typeof groups)[number]>>

/**
 * A property instead of a method, so that a transaction gets no more than its own store: types of methods are compared
 * less strictly.
 */
export interface Transactional<Within> {
  /** Runs several decisions atomically: all of them take effect, or none. */
  readonly transaction: <T>(run: (store: Within) => Promise<T>) => Promise<T>
}

/** Everything that the service needs from its database: intent-named methods, each decision one conditional write. */
export interface Store extends Queries, Transactional<Store> {
  /** Throws if the database can't be reached. */
  ping(): Promise<void>
}

/** `guard` checks which rows of keys are unchanged. */
export function createStore(db: Kysely<Database>, guard: RowGuard = noGuard): Store {
  const scopes = scopesOf(db)
  const store: Store = lazyObject<Store>(
    {
      // a transaction within a transaction is the same one
      transaction: (run) =>
        db.isTransaction
          ? run(store)
          : db.transaction().execute((trx) => runDirectly(trx, () => run(createStore(trx, guard)))),
      async ping() {
        await sql`select 1`.execute(db)
      },
    },
    (name) => {
      const asked = name === undefined ? groups : groupsWith(name, scopes)
      return Object.assign({}, ...asked.map((queries) => queries(scopes, guard)))
    },
  )
  return store
}

/**
 * The group of each method. Building all groups took two thirds of a transaction's time, and a transaction uses two or
 * three.
 */
let groupByMethod: ReadonlyMap<PropertyKey, Group> | undefined

function groupsWith(name: PropertyKey, scopes: Scopes): readonly Group[] {
  groupByMethod ??= new Map(
    groups.flatMap((queries) => Object.keys(queries(scopes, noGuard)).map((method) => [method, queries] as const)),
  )
  const group = groupByMethod.get(name)
  return group ? [group] : []
}
