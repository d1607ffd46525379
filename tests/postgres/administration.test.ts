import { afterAll, beforeAll, describe, inject } from 'vitest'
import { createDatabase } from '../support/postgres.js'
import { fixtureWithHost } from '../system/support/host-key.js'
import { testAdministration } from './support/administration.js'
import { type Replicas, startReplicas } from './support/replicas.js'

/** The short form of tests/chaos/administration.test.ts. */
describe('administration by 2 replicas on one PostgreSQL', () => {
  let replicas: Replicas
  beforeAll(async () => {
    const databaseUrl = await createDatabase(inject('postgres'))
    replicas = await startReplicas(databaseUrl, { count: 2, fixture: fixtureWithHost })
  })
  afterAll(() => replicas.stop())

  testAdministration(() => replicas, 3)
})
