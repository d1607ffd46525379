import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-find-'))
const env = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
const onHost = (words: readonly string[], stdin?: string) =>
  hallpass([...words, '--database-url', `file:${join(folder, 'x.db')}`], {
    env,
    ...(stdin === undefined ? {} : { stdin }),
    onRequest: () => {
      throw new Error('This command must not send requests.')
    },
  })
const find = (stdin?: string) => onHost(['api-keys', 'find', '--format', 'json'], stdin)

let created: { account_id: string; api_key_id: string; secret: string }
beforeAll(async () => {
  const { stdout } = await onHost(['accounts', 'create', '--tenant', '2_3', '--name', 'Acme', '--format', 'json'])
  created = JSON.parse(stdout)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('hallpass api-keys find', () => {
  test('finds the key of a secret on stdin without printing the secret', async () => {
    const { secret, account_id, api_key_id } = created
    const { exitCode, stdout, stderr } = await find(`${secret}\n`)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      ...{ account_id, api_key_id, name: 'first', account_name: 'Acme', tenant: '2_3', environment: 'sandbox' },
      ...{ state: 'active', last_used_on: null },
      hint: `${secret.slice(0, 12)}…${secret.slice(-4)}`,
    })
    expect(stdout).not.toContain(secret.slice(20, 40))
  })

  test('exits with 1 for an unknown secret without printing it', async () => {
    const unknown = `${created.secret.slice(0, -1)}#`
    const { exitCode, stdout, stderr } = await find(unknown)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toBe('hallpass: No account in this database has a key with this secret.\n')
  })

  test.each([
    ['nothing', undefined],
    ['two words', 'sk_test_one sk_test_two'],
    ['an empty file', ''],
  ])('exits with 1 for %s on stdin without printing it', async (_, stdin) => {
    const { exitCode, stdout, stderr } = await find(stdin)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/stdin/i)
    expect(stderr).not.toContain('sk_test')
  })

  test('rejects a secret as an argument or flag', async () => {
    for (const words of [[created.secret], ['--secret', created.secret], ['--token', created.secret]]) {
      const { exitCode, stderr } = await onHost(['api-keys', 'find', ...words], created.secret)
      expect(exitCode).toBe(1)
      expect(stderr).not.toContain(created.secret)
    }
  })
})
