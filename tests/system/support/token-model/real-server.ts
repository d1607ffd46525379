import { randomBytes } from 'node:crypto'
import { acme } from '../fixtures/fixture.js'
import { hostKey } from '../fixtures/host-key.js'
import { paths } from '../fixtures/mint.js'
import { type AssembledServer, assembleServer, type CallResponse } from '../servers/assembled-server.js'
import { bearer, testClock } from '../servers/in-process-server.js'
import type { Store } from '../servers/server-parts.js'

/** The real server next to the model, with the secret key that the commands use and one that always works. */
export interface Real extends AssembledServer {
  readonly asWorker: (path: string, body?: object) => Promise<CallResponse>
  readonly asAdmin: (path: string, body?: object) => Promise<CallResponse>
  readonly fromShop: (path: string, body: object) => Promise<CallResponse>
  readonly introspect: (token: string) => Promise<Record<string, unknown>>
  /** Gives the worker a new secret key. */
  readonly hireWorker: () => Promise<void>
  readonly dismissWorker: () => Promise<CallResponse>
  /** Ids created in the same millisecond are equal. */
  readonly withoutChance: <T>(work: () => Promise<T>) => Promise<T>
  readonly clientKeyPath: string
}

const form = (token: string) => new URLSearchParams({ token }).toString()
const formType = { 'content-type': 'application/x-www-form-urlencoded' }

export async function startReal(wrap?: (store: Store) => Store): Promise<Real> {
  let held: Buffer | undefined
  const random = (bytes: number) => held?.subarray(0, bytes) ?? randomBytes(bytes)
  const server = await assembleServer({ clock: { ...testClock(), random }, ...(wrap ? { wrap } : {}) })
  const worker = { secret: '', id: '' }
  const post = (path: string, key: string, body?: object) => {
    const isForm = path.startsWith('/oauth2/')
    const sent = isForm && body && 'token' in body ? form(String(body.token)) : body
    return server.call(path, {
      headers: { ...bearer(key), ...(isForm ? formType : {}) },
      ...(sent === undefined ? {} : { body: sent }),
    })
  }
  const asAdmin: Real['asAdmin'] = (path, body) => post(path, hostKey, body)
  const listed = await server.call('/v1/admin/client_keys', { method: 'GET', headers: bearer(hostKey) })
  const keys = listed.body.data as { id: string; client_key: string }[]
  const real: Real = {
    ...server,
    asAdmin,
    asWorker: (path, body) => post(path, worker.secret, body),
    fromShop: (path, body) => server.call(path, { headers: { origin: acme.origin }, body }),
    introspect: async (token) => (await asAdmin(paths.introspect, { token })).body,
    async hireWorker() {
      const { body } = await asAdmin('/v1/admin/api_keys', { name: 'worker', scopes: ['*'] })
      worker.secret = String(body.secret)
      worker.id = String(body.id)
    },
    dismissWorker: () => asAdmin(`/v1/admin/api_keys/${worker.id}/disable`, {}),
    async withoutChance(work) {
      held = randomBytes(64)
      try {
        return await work()
      } finally {
        held = undefined
      }
    },
    clientKeyPath: `/v1/admin/client_keys/${keys.find(({ client_key }) => client_key === acme.clientKey)?.id}`,
  }
  await real.hireWorker()
  return real
}
