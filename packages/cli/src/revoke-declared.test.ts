import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isActive, key, post, revoke, serverUrl, startAccounts, stopAccounts } from './testing/revocable.js'

const bearer = { Authorization: `Bearer ${key}` }
const forms = [
  { name: 'report-viewer', form: 'jwt', audience: 'https://reports.example', typ: 'JWT' },
  { name: 'voice-call', form: 'opaque' },
] as const

beforeAll(async () => {
  await startAccounts()
  for (const { name, ...form } of forms) {
    const declared = await fetch(`${serverUrl()}/v1/admin/kinds/${name}`, {
      method: 'PUT',
      headers: { ...bearer, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...form, ttl_seconds: { default: 600, max: 600 }, resource: 'required' }),
    })
    expect(declared.status).toBe(200)
  }
}, 30_000)
afterAll(stopAccounts)

const mint = async (kind: string) => {
  const input = { kind, subject: 'user_42', resource: 'report_7' }
  return (await post<{ token: string }>('/v1/tokens', input, bearer)).token
}

describe.each(forms)('hallpass revoke for the declared kind $name', { timeout: 30_000 }, ({ name }) => {
  test.each<[string, readonly string[], object]>([
    ['its name', [], { kind: 'kind', id: name }],
    ['user_42', ['--as', 'subject'], { kind: 'subject', id: 'user_42' }],
    ['report_7', ['--as', 'resource'], { kind: 'resource', id: 'report_7' }],
  ])('ends its tokens by %s', async (thing, flags, output) => {
    const text = thing === 'its name' ? name : thing
    const token = await mint(name)
    const dry = await revoke(text, [...flags, '--dry-run'])
    expect(JSON.parse(dry.stdout)).toMatchObject({ ...output, dry_run: true })
    expect(await isActive(token)).toBe(true)
    const { exitCode, stdout, stderr } = await revoke(text, flags)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ ...output, ends: expect.stringMatching(/declared kind/) })
    expect(await isActive(token)).toBe(false)
    // a token that is minted in the same millisecond as a cutoff has ended too
    await expect.poll(async () => isActive(await mint(name))).toBe(true)
  })

  test('recognizes a token and ends it alone', async () => {
    const [token, other] = [await mint(name), await mint(name)]
    const { exitCode, stdout } = await revoke(token)
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ kind: `${name} token`, was_active: true }),
    ])
    expect([await isActive(token), await isActive(other)]).toEqual([false, true])
    const again = await revoke(token)
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('was not active')])
  })

  test('exits with 1 for its subject without --as', async () => {
    const { exitCode, stderr } = await revoke('user_42')
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('--as subject')])
  })
})
