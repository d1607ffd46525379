import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme, fixture as withProduction } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { titled } from './support/http/endpoints.js'
import { expectNoStart, serve, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { expectRefusedHere, startHere } from './support/servers/serve-in-process.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const flags = { port: '0', 'database-url': 'file:./x.db' }
const at = (name: string) => join(folder.path, name)
const newKey = () => randomBytes(32).toString('base64url')
const startOf = ({ fixture, env = {} }: { fixture?: string; env?: Record<string, string> } = {}) => ({
  cwd: folder.path,
  flags: { ...flags, ...(fixture && { fixture }) },
  env,
})
const start = (...how: Parameters<typeof startOf>) => startHere(startOf(...how))
const noStart = (env: Record<string, string> = {}) => expectRefusedHere(startOf({ env }))

const bridge = (server: { readonly url: string }, key: string = acme.key) =>
  fetch(server.url + paths.bridge, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'the same every time', ...bearer(key) },
    body: JSON.stringify({ customer_id: acme.customer }),
  })
const tokenOf = async (server: { readonly url: string }): Promise<string> =>
  (await (await bridge(server)).json()).data.bridge_token

/** A database with everything in it. Returns a token that only its own master key can reproduce. */
async function makeDatabase(env: Record<string, string> = {}): Promise<string> {
  const server = await start({ fixture: await writeFixture(folder.path), env })
  const token = await tokenOf(server)
  await server.stop()
  return token
}

/** A hash of the database, including its write-ahead log. */
async function bytesOf(): Promise<Record<string, string>> {
  const names = (await readdir(folder.path)).filter((name) => ['x.db', 'x.db-wal', 'x.db.key'].includes(name)).sort()
  const digests = names.map(async (name) => [
    name,
    createHash('sha256')
      .update(await readFile(at(name)))
      .digest('hex'),
  ])
  return Object.fromEntries(await Promise.all(digests))
}

const spoil: Readonly<Record<string, () => Promise<void>>> = {
  lost: () => rm(at('x.db.key')),
  empty: () => writeFile(at('x.db.key'), ''),
  blank: () => writeFile(at('x.db.key'), '\n\n'),
  wrong: () => writeFile(at('x.db.key'), `${newKey()}\n`),
  truncated: async () => writeFile(at('x.db.key'), (await readFile(at('x.db.key'), 'utf8')).slice(0, 20)),
  'with other bytes': () => writeFile(at('x.db.key'), randomBytes(32)),
  'with more text after it': async () => writeFile(at('x.db.key'), `${await readFile(at('x.db.key'), 'utf8')}more`),
  'with the wrong alphabet': () => writeFile(at('x.db.key'), `${'+/'.repeat(21)}=`),
}

describe('the master key that hallpass serve creates', () => {
  test('is next to the database, 32 bytes in base64url, readable only by its owner', async () => {
    const made = await serve(startOf({ fixture: await writeFixture(folder.path) }))
    expect(await made.stop()).toMatchObject({ code: 0 })
    expect((await stat(at('x.db.key'))).mode & 0o777).toBe(0o600)
    const written = (await readFile(at('x.db.key'), 'utf8')).trim()
    expect(written).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect((await readdir(folder.path)).filter((name) => name.includes('key'))).toEqual(['x.db.key'])
  })

  test('is used again: the same request gets the same response after a restart', async () => {
    const token = await makeDatabase()
    const server = await start()
    expect(await tokenOf(server)).toBe(token)
    await server.stop()
  })

  test.each(Object.keys(spoil))(
    '%s: the start fails with one line and changes nothing; the right key works again',
    async (how) => {
      const token = await makeDatabase()
      const key = await readFile(at('x.db.key'), 'utf8')
      await spoil[how]?.()
      const before = await bytesOf()
      const { line } = await noStart()
      expect(line).toContain('master key')
      expect(line).not.toContain(key.trim().slice(0, 12))
      expect(await bytesOf()).toEqual(before)
      await writeFile(at('x.db.key'), key)
      const server = await start()
      expect(await tokenOf(server)).toBe(token)
      await server.stop()
    },
  )

  test.each(['lost', 'empty', 'wrong'])(
    '%s after a kill -9: the start fails and changes neither database nor log',
    async (how) => {
      const killed = await serve(startOf({ fixture: await writeFixture(folder.path) }))
      const token = await tokenOf(killed)
      await killed.stop('SIGKILL')
      const key = await readFile(at('x.db.key'), 'utf8')
      await spoil[how]?.()
      const before = await bytesOf()
      expect(Object.keys(before)).toContain('x.db-wal')
      await expectNoStart(startOf())
      expect(await bytesOf()).toEqual(before)
      await writeFile(at('x.db.key'), key)
      const server = await start()
      expect(await tokenOf(server)).toBe(token)
      await server.stop()
    },
  )

  test('fails the start if it cannot be read as a file', async () => {
    await makeDatabase()
    await rename(at('x.db.key'), at('elsewhere'))
    await mkdir(at('x.db.key'))
    await noStart()
  })

  test('stays the same if the database is gone: an existing key file is used', async () => {
    await makeDatabase()
    const key = await readFile(at('x.db.key'), 'utf8')
    await rm(at('x.db'))
    const server = await start({ fixture: await writeFixture(folder.path) })
    expect((await bridge(server)).status).toBe(200)
    await server.stop()
    expect(await readFile(at('x.db.key'), 'utf8')).toBe(key)
  })
})

describe('HALLPASS_MASTER_KEY', () => {
  test('is used instead of a key file, which is then not created', async () => {
    const env = { HALLPASS_MASTER_KEY: newKey() }
    const token = await makeDatabase(env)
    expect(await readdir(folder.path)).not.toContain('x.db.key')
    const server = await start({ env })
    expect(await tokenOf(server)).toBe(token)
    await server.stop()
  })

  test('if wrong or missing, the start fails and changes nothing', async () => {
    await makeDatabase({ HALLPASS_MASTER_KEY: newKey() })
    const before = await bytesOf()
    const wrong = newKey()
    const { line } = await noStart({ HALLPASS_MASTER_KEY: wrong })
    expect(line).toContain('HALLPASS_MASTER_KEY')
    expect(line).not.toContain(wrong)
    await noStart()
    expect(await bytesOf()).toEqual(before)
    expect(await readdir(folder.path)).not.toContain('x.db.key')
  })

  test('if wrong for a database that has a key file, the start fails and changes nothing', async () => {
    await makeDatabase()
    const before = await bytesOf()
    await noStart({ HALLPASS_MASTER_KEY: newKey() })
    expect(await bytesOf()).toEqual(before)
  })

  test.each(
    titled([
      'short',
      '!'.repeat(43),
      `${'A'.repeat(42)}B`,
      '='.repeat(44),
      randomBytes(31).toString('base64url'),
      randomBytes(33).toString('base64url'),
      randomBytes(32).toString('hex'),
    ]),
  )('is rejected without quoting it if it is not 32 bytes in base64url: %s', async (_title, key) => {
    const { line } = await noStart({ HALLPASS_MASTER_KEY: key })
    expect(line).toContain('HALLPASS_MASTER_KEY')
    expect(line).not.toContain(key)
    expect(await readdir(folder.path)).toEqual([])
  })

  test('enables production accounts, and is required from then on', async () => {
    const env = { HALLPASS_MASTER_KEY: newKey() }
    const fixture = await writeFixture(folder.path, 'production.json', withProduction)
    await (await start({ fixture, env })).stop()
    const before = await bytesOf()
    const { line } = await noStart()
    expect(line).toContain('HALLPASS_MASTER_KEY')
    expect(await bytesOf()).toEqual(before)
    await (await start({ env })).stop()
  })
})
