import { expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath } from './support/fixtures/mint.js'
import { type Served, serve, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const post = async (server: Served, path: string, body: object) => {
  const headers = { 'Content-Type': 'application/json', ...bearer(acme.key) }
  return (await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status
}

test('hallpass serve keeps later changes and logs one line, unless set to overwrite them', async () => {
  const folder = await temporaryFolder()
  const flags = { fixture: await writeFixture(folder.path), 'log-level': 'warn' }
  const running: Served[] = []
  const start = async (more: { flags?: object; env?: Record<string, string> } = {}) => {
    const server = await serve({ cwd: folder.path, flags: { ...flags, ...more.flags }, env: more.env ?? {} })
    running.push(server)
    return server
  }
  const reveal = (server: Served) => post(server, cardPath(acme.activeCard, 'REVEAL'), {})
  try {
    const first = await start()
    const suspended = { id: acme.activeCard, customer_id: acme.customer, status: 'SUSPENDED' }
    expect(await post(first, '/v1/admin/cards', suspended)).toBe(200)
    await first.stop()
    const second = await start()
    expect(await reveal(second)).toBe(422)
    await second.stop()
    const warnings = second
      .stderr()
      .split('\n')
      .filter((line) => line.includes('The import kept'))
    expect(warnings).toEqual([expect.stringContaining(`card ${acme.activeCard} of account ${acme.account} (status`)])
    const third = await start({ env: { HALLPASS_FIXTURE_OVERWRITE: 'true' } })
    expect(await reveal(third)).toBe(200)
    await third.stop()
    expect(first.stderr() + third.stderr()).not.toContain('The import kept')
  } finally {
    await Promise.all(running.map((server) => server.stop('SIGKILL')))
    await folder.remove()
  }
})
