import { randomBytes } from 'node:crypto'
import { copyFile, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { backUp, createServer, type HallpassServer, loadConfig, markRestored, restore } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme, fixture } from './support/fixtures/fixture.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: HallpassServer
beforeEach(async () => {
  folder = await temporaryFolder()
  server = await start()
})
afterEach(async () => {
  await server.stop()
  await folder.remove()
})

const env = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
const host = () => ({ flags: { 'database-url': `file:${join(folder.path, 'x.db')}` }, env })
const backupFile = () => join(folder.path, 'backup.db')

/** The URL stays the same, so earlier tokens are from this server. */
function start(): Promise<HallpassServer> {
  const flags = { ...host().flags, port: '0', 'public-url': 'https://pass.example', 'log-level': 'silent' }
  return createServer(loadConfig(flags, env), { fixture, noticeMilliseconds: 0 })
}

async function post(path: string, body: unknown, headers: Record<string, string>) {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json'
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': type, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : {} }
}
const asAcme = (path: string, body: unknown, headers = {}) => post(path, body, { ...bearer(acme.key), ...headers })
const fromShop = (path: string, body: unknown) => post(path, body, { Origin: acme.origin })
const isActive = async (token: string) =>
  (await asAcme(paths.introspect, new URLSearchParams({ token }).toString())).body.active

const mintCard = async () => (await asAcme(cardPath(acme.activeCard, 'REVEAL'), {})).body.widget_token as string
const redeem = (widget_token: string) => asAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
const mintVisitor = async () =>
  (await asAcme(paths.userToken, { client_key: acme.clientKey, user_id: 'user_1' })).body.token as string
const exchange = (token: string) => fromShop(paths.exchange, { token })
const guest = async () => (await fromShop(paths.guest, { client_key: acme.clientKey })).body
const refresh = (refresh_token: string) => fromShop(paths.refresh, { refresh_token })

/** Restores the backup as an operator would. */
async function goBack(): Promise<void> {
  await server.stop()
  await restore(host(), backupFile(), { force: true })
  // tokens from the millisecond of the restore are rejected too
  await delay(5)
  server = await start()
}

describe('after a restore', () => {
  test('card tokens from before the restore are invalid, whether spent or not', async () => {
    const [spent, unspent] = [await mintCard(), await mintCard()]
    await backUp(host(), backupFile())
    expect((await redeem(spent)).status).toBe(200)
    await goBack()
    expect(await redeem(spent)).toMatchObject({ status: 422, body: { code: 'TOKEN_REVOKED' } })
    expect(await redeem(unspent)).toMatchObject({ status: 422, body: { code: 'TOKEN_REVOKED' } })
    expect((await redeem(await mintCard())).status).toBe(200)
  })

  test('a visitor token spent after the backup is invalid', async () => {
    const [spent, unspent] = [await mintVisitor(), await mintVisitor()]
    await backUp(host(), backupFile())
    expect((await exchange(spent)).status).toBe(200)
    await goBack()
    expect((await exchange(spent)).status).toBe(400)
    expect((await exchange(unspent)).status).toBe(400)
    expect((await exchange(await mintVisitor())).status).toBe(200)
  })

  test('no refresh token of a session that continued after the backup works', async () => {
    const first = (await guest()).refresh_token
    const second = (await refresh(first)).body.refresh_token
    await backUp(host(), backupFile())
    const third = (await refresh(second)).body.refresh_token
    await goBack()
    for (const token of [first, second, third]) expect((await refresh(token)).status).toBe(400)
    expect((await refresh((await guest()).refresh_token)).status).toBe(200)
  })

  test('a token revoked after the backup is not active again', async () => {
    const { token, refresh_token } = await guest()
    const bridge = (await asAcme(paths.bridge, { customer_id: acme.customer })).body.data.bridge_token
    await backUp(host(), backupFile())
    for (const one of [refresh_token, bridge])
      await asAcme(paths.revoke, new URLSearchParams({ token: one }).toString())
    await goBack()
    for (const one of [token, refresh_token, bridge]) expect(await isActive(one)).toBe(false)
    expect(await isActive((await guest()).token)).toBe(true)
  })

  test('a response from before the backup is replayed; a later one is lost, but not spent twice', async () => {
    const card = await mintCard()
    const before = await asAcme(
      paths.bridge,
      { customer_id: acme.customer },
      { 'Idempotency-Key': 'before-the-backup' },
    )
    await backUp(host(), backupFile())
    const redeemOnce = () =>
      asAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' }, { 'Idempotency-Key': 'after' })
    expect((await redeemOnce()).status).toBe(200)
    await goBack()
    const again = await asAcme(paths.bridge, { customer_id: acme.customer }, { 'Idempotency-Key': 'before-the-backup' })
    expect(again.body.data.bridge_token).toBe(before.body.data.bridge_token)
    expect((await redeemOnce()).status).toBe(422)
  })

  test('--mark does the same if the backup was restored by other means, even while a server runs', async () => {
    const [card, visitor, session] = [await mintCard(), await mintVisitor(), await guest()]
    await markRestored(host())
    await delay(5)
    expect((await redeem(card)).status).toBe(422)
    expect((await exchange(visitor)).status).toBe(400)
    expect((await refresh(session.refresh_token)).status).toBe(400)
    expect((await redeem(await mintCard())).status).toBe(200)
  })
})

describe('a backup', () => {
  test('made during writes is a consistent snapshot of the database', async () => {
    let writing = true
    const load = (async () => {
      for (; writing; ) await redeem(await mintCard())
    })()
    const seen: number[] = []
    const { bytes, file } = await backUp(host(), backupFile(), { report: (done) => seen.push(done) })
    writing = false
    await load
    expect(bytes).toBe((await stat(file)).size)
    expect(seen.at(-1)).toBeGreaterThan(0)
    await goBack()
    expect((await redeem(await mintCard())).status).toBe(200)
  })

  test('names the master key that it needs, and contains no master key, secret key or token', async () => {
    const card = await mintCard()
    const { master_key_fingerprint } = await backUp(host(), backupFile())
    expect(master_key_fingerprint).toMatch(/^([0-9a-f]{4}-){3}[0-9a-f]{4}$/)
    const content = await readFile(backupFile(), 'latin1')
    expect(content).toContain(master_key_fingerprint)
    for (const secret of [env.HALLPASS_MASTER_KEY, acme.key, card]) expect(content).not.toContain(secret)
    expect((await readdir(folder.path)).filter((name) => name.startsWith('backup.db'))).toEqual(['backup.db'])
  })

  test.each(['', '-wal', '-shm', '.key', '.lock'])('never overwrites its own database or x.db%s', async (ending) => {
    const token = await mintCard()
    await symlink(folder.path, join(folder.path, 'here'))
    const before = await stat(join(folder.path, 'x.db'))
    for (const file of [`x.db${ending}`, `here/x.db${ending}`]) {
      const made = backUp(host(), join(folder.path, file), { force: true })
      await expect(made).rejects.toThrow('belongs to the database itself')
    }
    expect((await stat(join(folder.path, 'x.db'))).ino).toBe(before.ino)
    expect((await redeem(token)).status).toBe(200)
  })

  test('does not overwrite a link to the database', async () => {
    const alias = join(folder.path, 'alias.db')
    await symlink(join(folder.path, 'x.db'), alias)
    await expect(backUp(host(), alias, { force: true })).rejects.toThrow('belongs to the database itself')
  })

  test('leaves other files next to it unchanged', async () => {
    await writeFile(`${backupFile()}.part`, 'mine')
    await backUp(host(), backupFile())
    expect(await readFile(`${backupFile()}.part`, 'utf8')).toBe('mine')
  })

  test('reports a missing folder', async () => {
    await expect(backUp(host(), join(folder.path, 'none', 'x'))).rejects.toThrow('cannot be written: ENOENT')
  })

  test('does not overwrite a file without --force', async () => {
    await backUp(host(), backupFile())
    await expect(backUp(host(), backupFile())).rejects.toThrow('--force')
    await backUp(host(), backupFile(), { force: true })
  })

  test('requires a database and its master key', async () => {
    const elsewhere = { ...host(), flags: { 'database-url': `file:${join(folder.path, 'none.db')}` } }
    await expect(backUp(elsewhere, backupFile())).rejects.toThrow('There is no database')
    await expect(backUp({ ...host(), env: {} }, backupFile())).rejects.toThrow('HALLPASS_MASTER_KEY')
    const other = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
    await expect(backUp({ ...host(), env: other }, backupFile())).rejects.toThrow('has the fingerprint')
    const postgres = { ...host(), flags: { 'database-url': ':memory:' } }
    await expect(backUp(postgres, backupFile())).rejects.toThrow('needs a database in a file')
  })
})

describe('a restore is refused without changes', () => {
  const digest = async () => (await readFile(join(folder.path, 'x.db'))).toString('base64')

  test('while a server runs, and over a database without --force', async () => {
    await backUp(host(), backupFile())
    await expect(restore(host(), backupFile(), { force: true })).rejects.toThrow('in use by another process')
    await server.stop()
    const before = await digest()
    await expect(restore(host(), backupFile())).rejects.toThrow('--force to replace it')
    expect(await digest()).toBe(before)
    server = await start()
  })

  test('without the master key that the backup needs, which it names', async () => {
    const { master_key_fingerprint } = await backUp(host(), backupFile())
    const elsewhere = { 'database-url': `file:${join(folder.path, 'new.db')}` }
    const other = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
    for (const wrong of [{}, other]) {
      await expect(restore({ flags: elsewhere, env: wrong }, backupFile())).rejects.toThrow(master_key_fingerprint)
    }
    expect(await readdir(folder.path)).not.toContain('new.db')
    await restore({ flags: elsewhere, env }, backupFile())
    expect(await readdir(folder.path)).toContain('new.db')
  })

  test('from an invalid or damaged backup', async () => {
    const elsewhere = { flags: { 'database-url': `file:${join(folder.path, 'new.db')}` }, env }
    await writeFile(backupFile(), 'my notes, which are no database\n'.repeat(100))
    await expect(restore(elsewhere, backupFile())).rejects.toThrow('cannot be used')
    await expect(restore(elsewhere, join(folder.path, 'none'))).rejects.toThrow('There is no backup')
    const good = join(folder.path, 'good.db')
    await backUp(host(), good)
    const bytes = await readFile(good)
    await writeFile(backupFile(), bytes.subarray(0, Math.floor(bytes.length / 2)))
    await expect(restore(elsewhere, backupFile())).rejects.toThrow('cannot be used')
    await copyFile(good, backupFile())
    await restore(elsewhere, backupFile())
  })
})
