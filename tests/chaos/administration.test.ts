import { afterAll, beforeAll, describe } from 'vitest'
import { testAdministration } from '../postgres/support/administration.js'
import { type Replicas, startReplicas } from '../postgres/support/replicas.js'
import { type Postgres, query, startPostgres } from '../support/postgres.js'
import { fixtureWithHost } from '../system/support/fixtures/host-key.js'

describe('administration by 2 replicas on one PostgreSQL, 100 rounds of each', () => {
  let postgres: Postgres
  let replicas: Replicas
  beforeAll(async () => {
    postgres = await startPostgres()
    const databaseUrl = await postgres.createDatabase()
    replicas = await startReplicas(databaseUrl, { count: 2, fixture: fixtureWithHost })
    // a replica that gets no notification keeps a disabled key in memory for up to a second
    await query(databaseUrl, 'alter table api_keys disable trigger hallpass_changes')
  })
  afterAll(async () => {
    await replicas.stop()
    await postgres.remove()
  })

  testAdministration(() => replicas, 100)
})
