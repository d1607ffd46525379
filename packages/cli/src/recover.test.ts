import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'
import { startProcess } from './testing/start-process.js'

let folder: string
let database: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-recover-'))
  database = `file:${join(folder, 'x.db')}`
})
afterEach(() => rmSync(folder, { recursive: true }))

const onHost = (line: string) => hallpass([...line.split(' '), '--database-url', database])
const answerOf = async (line: string) => JSON.parse((await onHost(line)).stdout)

describe('hallpass api-keys recover', { timeout: 60_000 }, () => {
  test('regains access after the last admin key was disabled, and is recorded in the history', async () => {
    const { account_id, secret, api_key_id } = await answerOf('accounts create --tenant 2_3 --name Acme')
    const server = startProcess(['serve', '--port', '0', '--database-url', database, '--log-level', 'error'])
    await expect.poll(() => server.written.stdout).toMatch(/^hallpass listening on \S+\n$/)
    const url = server.written.stdout.trim().split(' ').at(-1) ?? ''
    const call = (apiKey: string, line: string) =>
      hallpass([...line.split(' '), '--base-url', url, '--api-key', apiKey])

    const refused = await call(secret, `api-keys disable --api-key-id ${api_key_id}`)
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('422') })
    expect(refused.stdout).toContain('force')
    expect((await call(secret, `api-keys disable --api-key-id ${api_key_id} --force`)).exitCode).toBe(0)
    expect((await call(secret, 'api-keys list')).stderr).toContain('401')

    const line = ['api-keys', 'recover', '--account', account_id, '--database-url', database]
    const { exitCode, stdout, stderr } = await startProcess(line).ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const recovered = JSON.parse(stdout)
    expect(recovered).toEqual({
      account_id,
      api_key_id: expect.any(String),
      scopes: ['*'],
      secret: expect.stringMatching(/^sk_test_/),
    })
    expect((await call(recovered.secret, 'api-keys list')).exitCode).toBe(0)
    expect((await call(recovered.secret, 'signing-keys list')).stderr).toContain('403')
    server.child.kill('SIGTERM')
    await server.ended

    const { data } = await answerOf('audit list')
    const entry = data.find(({ operation }: { operation: string }) => operation === 'apiKeys.recover')
    expect(entry).toMatchObject({
      target_id: recovered.api_key_id,
      api_key_id: null,
      changes: { name: 'recovery', scopes: ['*'] },
    })
    expect(JSON.stringify(data)).not.toContain(recovered.secret)
  })

  test('lists the accounts and creates no key unless --account names one of them', async () => {
    const { account_id } = await answerOf('accounts create --tenant 2_3 --name Acme')
    for (const line of ['api-keys recover', 'api-keys recover --account unknown']) {
      const { exitCode, stdout, stderr } = await onHost(line)
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toBe(
        `hallpass: --account must be the id of an account of this database: ${account_id} ("Acme").\n`,
      )
    }
    const { data } = await answerOf('audit list')
    expect(data).toHaveLength(1)
    const recovered = await answerOf(`api-keys recover --account ${account_id} --with-host-scope`)
    expect(recovered.scopes).toEqual(['*', 'host'])
  })

  test('creates no database if none exists', async () => {
    const { exitCode, stderr } = await onHost('api-keys recover --account x')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `hallpass: There is no database at ${join(folder, 'x.db')}. Name yours with --database-url (HALLPASS_DATABASE_URL).\n`,
    })
    expect(readdirSync(folder)).toEqual([])
  })
})
