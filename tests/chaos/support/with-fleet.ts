import { afterAll, beforeAll } from 'vitest'
import { type Client, createClient } from './client.js'
import { type Fleet, startFleet } from './fleet.js'

/** 3 replicas on one PostgreSQL and a client, for all tests of a `describe` block. Use them in a test or a hook. */
export function withFleet(): { readonly fleet: Fleet; readonly client: Client } {
  let started: { readonly fleet: Fleet; readonly client: Client } | undefined
  beforeAll(async () => {
    started = { fleet: await startFleet({ database: 'postgres', replicas: 3 }), client: createClient() }
  })
  afterAll(async () => {
    started?.client.close()
    await started?.fleet.remove()
  })
  // the targets are never read
  const later = <Name extends 'fleet' | 'client'>(name: Name) =>
    new Proxy({} as { fleet: Fleet; client: Client }[Name], {
      get: (_, member) => started && Reflect.get(started[name], member),
    })
  return { fleet: later('fleet'), client: later('client') }
}
