import { afterAll, beforeAll, describe, inject } from 'vitest'
import { createDatabase, query } from '../support/postgres.js'
import { fixtureWithHost } from '../system/support/fixtures/host-key.js'
import { testAdministration } from './support/administration.js'
import { type Replicas, startReplicas } from './support/replicas.js'

/** The short form of tests/chaos/administration.test.ts. */
describe('administration by 2 replicas on one PostgreSQL', () => {
  let replicas: Replicas
  beforeAll(async () => {
    const databaseUrl = await createDatabase(inject('postgres'))
    replicas = await startReplicas(databaseUrl, { count: 2, fixture: fixtureWithHost })
    // a replica that hears of nothing keeps a disabled key in memory for up to a second
    await query(databaseUrl, 'alter table api_keys disable trigger hallpass_changes')
  })
  afterAll(() => replicas.stop())

  testAdministration(() => replicas, 3)
})
