import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadConfig, rotateDataKeyOnHost } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, cardPath, introspect, mintGuest, mintUserSession, refresh } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { newDatabase, openMigrated } from './support/servers/new-database.js'
import {
  dataKeySetting,
  deriveKey,
  maintainDataKeys,
  openingMilliseconds,
  openStore,
  seal,
} from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const day = 86_400_000
let clock = testClock()
const masterKey = randomBytes(32)
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let databaseUrl: string
let server: TestServer
beforeEach(async () => {
  clock = testClock()
  folder = await temporaryFolder()
  const shared = await newDatabase()
  databaseUrl = shared === ':memory:' ? `file:${join(folder.path, 'hallpass.db')}` : shared
})
afterEach(async () => {
  await server.stop()
  await folder.remove()
})

const start = async () => {
  server = await startServer({ clock, config: { databaseUrl, masterKey, publicUrl: 'https://pass.example' } })
}
const restart = async () => {
  await server.stop()
  await start()
}
const rotate = (forgetOld: boolean) =>
  rotateDataKeyOnHost(
    { flags: { 'database-url': databaseUrl }, env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') } },
    { forgetOld },
  )
const isSealedBy = async (id: number) => (await mintGuest(server)).refresh_token.startsWith(`hprt_${id}.`)
const issueCard = (key: string) =>
  server.get(cardPath(acme.activeCard, 'REVEAL'), { ...bearer(acme.key), 'Idempotency-Key': key })

/** Does what servers do every minute, at the test's clock. */
async function maintain() {
  const config = { ...loadConfig({ 'database-url': databaseUrl }, {}), masterKey }
  const { store, keys, close } = await openStore(config, clock, { exclusive: false })
  try {
    await maintainDataKeys({ clock, store, dataKeys: keys.ring, log: { info: () => {} } })
    return keys.ring.status().keys.map(({ id }) => id)
  } finally {
    await close()
  }
}

describe('hallpass data-key rotate', () => {
  test('while a server runs: existing sealed values stay readable, and new ones use the new key', async () => {
    await start()
    const user = await mintUserSession(server)
    const card = await bodyOf(await issueCard('before'))
    expect(await rotate(false)).toEqual({ id: 2, older: 1 })
    await expect.poll(() => isSealedBy(2)).toBe(true)
    const refreshed = await bodyOf<{ refresh_token: string }>(await refresh(server, user.refresh_token))
    expect(refreshed.refresh_token).toMatch(/^hprt_2\./)
    expect(await bodyOf(await issueCard('before'))).toEqual(card)
    expect((await mintUserSession(server)).visitor_id).toBe(user.visitor_id)
    await restart()
    expect(await introspect(server, user.token)).toMatchObject({ active: true })
    expect((await refresh(server, refreshed.refresh_token)).status).toBe(200)
  })

  test('--forget-old: refresh tokens end, remembered responses are lost, nothing runs twice', async () => {
    await start()
    const user = await mintUserSession(server)
    await bodyOf(await issueCard('before'))
    expect(await rotate(true)).toEqual({ id: 2, older: 0 })
    await expect.poll(() => isSealedBy(2)).toBe(true)
    const refused = await refresh(server, user.refresh_token)
    expect([refused.status, await refused.text()]).toEqual([400, await (await refresh(server, 'hprt_nothing')).text()])
    const repeat = await issueCard('before')
    expect(repeat.status).toBe(422)
    expect(await repeat.json()).toMatchObject({
      code: 'IDEMPOTENCY_INVALID_REUSE',
      detail: 'The response for this Idempotency-Key is no longer available; use a new key.',
    })
    expect((await issueCard('after')).status).toBe(200)
    expect(await introspect(server, user.token)).toMatchObject({ active: true })
    expect((await mintUserSession(server)).visitor_id).toBe(user.visitor_id)
  })

  // in one process, two connections to one SQLite file would block each other
  test.skipIf(inject('postgres') === undefined)('two at once create two keys, one after the other', async () => {
    await start()
    const ids = await Promise.all([rotate(false), rotate(false)])
    expect(ids.map(({ id }) => id).sort()).toEqual([2, 3])
  })
})

describe('automatic rotation of data keys', () => {
  test('are renewed after 30 days, and forgotten once nothing sealed with them can be valid', async () => {
    await start()
    expect(await maintain()).toEqual([1])
    clock.advance(30 * day + 60_000)
    expect(await maintain()).toEqual([2, 1])
    expect(await maintain()).toEqual([2, 1])
    clock.advance(openingMilliseconds - 1)
    expect(await maintain()).toEqual([2, 1])
    clock.advance(1)
    expect(await maintain()).toEqual([2])
    await restart()
    expect(await isSealedBy(2)).toBe(true)
  })
})

describe('a database from before data keys had ids', () => {
  test('keeps working, and gets a data key with an id a day later', async () => {
    const dataKey = randomBytes(32)
    const { store, close } = await openMigrated(databaseUrl)
    const wrapKey = deriveKey(masterKey, 'wrap-data-key')
    await store.insertSetting(dataKeySetting, seal(wrapKey, randomBytes(12), dataKey.toString('base64url'), 'data-key'))
    await close()
    await start()
    const user = await mintUserSession(server)
    expect(user.refresh_token).toMatch(/^hprt_[\w-]+$/)
    const card = await bodyOf(await issueCard('before'))
    expect(await maintain()).toEqual([0])
    clock.advance(12 * 3_600_000)
    const { refresh_token } = await bodyOf<{ refresh_token: string }>(await refresh(server, user.refresh_token))
    clock.advance(12 * 3_600_000 + 1)
    expect(await maintain()).toEqual([1, 0])
    await restart()
    expect(await isSealedBy(1)).toBe(true)
    expect((await refresh(server, refresh_token)).status).toBe(200)
    expect(await bodyOf(await issueCard('before'))).toEqual(card)
    expect((await mintUserSession(server)).visitor_id).toBe(user.visitor_id)
    clock.advance(openingMilliseconds)
    expect(await maintain()).toEqual([1])
  })
})
