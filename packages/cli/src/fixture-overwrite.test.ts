import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, loadConfig } from '@hallpass/server'
import { expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

const acme = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11'
const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'
const fixture = {
  accounts: [
    {
      id: acme,
      name: 'Acme',
      tenant: '2_3',
      environment: 'sandbox',
      api_keys: [{ name: 'backend', secret: 'sk_test_acme', scopes: ['*'] }],
      customers: [{ id: customer }],
      cards: [{ id: card, customer_id: customer, status: 'ACTIVE' }],
    },
  ],
}

test('hallpass fixture import keeps later changes with a warning, unless --overwrite is set', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-fixture-'))
  const file = join(folder, 'fixture.json')
  writeFileSync(file, JSON.stringify(fixture))
  const url = `file:${join(folder, 'x.db')}`
  const onHost = (...line: string[]) => hallpass(['fixture', ...line, '--database-url', url])
  const statusNow = async () => JSON.parse((await onHost('export')).stdout).accounts[0].cards[0].status
  try {
    expect((await onHost('import', file)).exitCode).toBe(0)
    const server = await createServer(loadConfig({ port: '0', 'database-url': url, 'log-level': 'silent' }, {}))
    const env = { HALLPASS_BASE_URL: server.url, HALLPASS_API_KEY: 'sk_test_acme' }
    const line = ['cards', 'upsert', '--id', card, '--customer-id', customer, '--status', 'TERMINATED']
    expect((await hallpass(line, { env })).exitCode).toBe(0)
    await server.stop()

    const again = await onHost('import', file)
    expect(again.stderr.split('\n').filter((text) => text.startsWith('hallpass: '))).toEqual([
      `hallpass: The import kept what was changed since the last one: card ${card} of account ${acme} (status). Use --overwrite to import it anyway.`,
    ])
    expect(await statusNow()).toBe('TERMINATED')
    expect((await onHost('import', file, '--overwrite')).stderr).not.toContain('hallpass: ')
    expect(await statusNow()).toBe('ACTIVE')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
