import { afterAll, beforeAll, describe } from 'vitest'
import { testAdministration } from '../postgres/support/administration.js'
import { type Replicas, startReplicas } from '../postgres/support/replicas.js'
import { type Postgres, startPostgres } from '../support/postgres.js'
import { fixtureWithHost } from '../system/support/host-key.js'

describe('administration by 2 replicas on one PostgreSQL, 100 rounds of each', () => {
  let postgres: Postgres
  let replicas: Replicas
  beforeAll(async () => {
    postgres = await startPostgres()
    replicas = await startReplicas(await postgres.createDatabase(), { count: 2, fixture: fixtureWithHost })
  })
  afterAll(async () => {
    await replicas.stop()
    await postgres.remove()
  })

  testAdministration(() => replicas, 100)
})
