import { afterAll, beforeAll, describe } from 'vitest'
import { query } from '../support/postgres.js'
import { fixtureWithHost } from '../system/support/fixtures/host-key.js'
import { newDatabase } from '../system/support/servers/new-database.js'
import { testAdministration } from './support/administration.js'
import { type Replicas, startReplicas } from './support/replicas.js'

/** The short form of tests/chaos/administration.test.ts. */
describe('administration by 2 replicas on one PostgreSQL', () => {
  let replicas: Replicas
  beforeAll(async () => {
    const databaseUrl = await newDatabase()
    replicas = await startReplicas(databaseUrl, { count: 2, fixture: fixtureWithHost })
    // a replica that gets no notification keeps a disabled key in memory for up to a second
    await query(databaseUrl, 'alter table api_keys disable trigger hallpass_changes')
  })
  afterAll(() => replicas.stop())

  testAdministration(() => replicas, 3)
})
