import { randomBytes } from 'node:crypto'
import type { Fixture } from '@hallpass/contracts'
import { type Clock, systemClock } from '@hallpass/server'
import { startServer, type TestClock, type TestServer } from '../../system/support/servers/in-process-server.js'

/** Replicas in this process on one database. They use its clock. */
export interface Replicas {
  /** The next replica, in turn. */
  readonly at: (index: number) => TestServer
  readonly masterKey: Buffer
  readonly stop: () => Promise<void>
}

export interface ReplicaOptions {
  readonly count: number
  readonly fixture?: Fixture
  /** Real time, instead of the database's clock. */
  readonly clock?: TestClock
  /** The host clock of each replica. They are correct by default. */
  readonly hostClocks?: readonly Clock[]
}

/** Starts all of them at once. */
export async function startReplicas(databaseUrl: string, options: ReplicaOptions): Promise<Replicas> {
  const masterKey = randomBytes(32)
  const config = { databaseUrl, publicUrl: 'https://pass.example', masterKey }
  const start = (index: number) =>
    startServer({
      config,
      ...(options.clock ? { clock: options.clock } : { hostClock: options.hostClocks?.[index] ?? systemClock }),
      ...(options.fixture ? { fixture: options.fixture } : {}),
    })
  const servers = await Promise.all(Array.from({ length: options.count }, (_, index) => start(index)))
  return {
    at: (index) => servers[index % servers.length] as TestServer,
    masterKey,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  }
}

/** Runs the same work this many times concurrently. */
export const many = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
