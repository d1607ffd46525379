import { type Kysely, sql } from '../kysely.js'
import { isPostgres, scopeSetting } from '../scope.js'

/**
 * Makes tenant labels unique in each tree of accounts. Accounts that already share a label keep it and are marked,
 * because tokens and other systems contain labels. `hallpass doctor` lists them.
 */
export async function createTenantLabels(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  // row-level security hides every account from a migration that doesn't set a scope
  if (isPostgres(db)) await sql`select set_config(${sql.lit(scopeSetting)}, 'host', true)`.execute(db)
  await schema.alterTable('accounts').addColumn('root_id', 'text').execute()
  await schema
    .alterTable('accounts')
    .addColumn('tenant_shared', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema.createIndex('accounts_parent_id').on('accounts').column('parent_id').execute()
  await sql`with recursive tree (id, root_id) as (
      select id, id from accounts where parent_id is null
      union select accounts.id, tree.root_id from accounts join tree on accounts.parent_id = tree.id
    )
    update accounts set root_id = (select tree.root_id from tree where tree.id = accounts.id)`.execute(db)
  await sql`with ranked as (
      select id, row_number() over (
        partition by root_id, tenant order by case when id = root_id then 0 else 1 end, id
      ) as place from accounts
    )
    update accounts set tenant_shared = 1 where id in (select id from ranked where place > 1)`.execute(db)
  await schema
    .createIndex('accounts_tenant')
    .unique()
    .on('accounts')
    .columns(['root_id', 'tenant'])
    .where(sql.ref('tenant_shared'), '=', sql.lit(0))
    .execute()
}
