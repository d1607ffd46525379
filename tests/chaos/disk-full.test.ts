import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { createClient, inParallel } from './support/client.js'
import { isRunning, startFleet } from './support/fleet.js'
import { report, tally } from './support/numbers.js'

const recoveryMilliseconds = 5_000

/** A small file system for the test. Mounting it requires root. */
test('with a full disk, writes are 503 and reads 200; writes recover within 5 s without restart', async () => {
  const folder = await temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder.path])
  const client = createClient()
  try {
    const fleet = await startFleet({ database: 'sqlite', replicas: 1, folder: folder.path })
    const [server] = fleet.replicas
    const url = server?.url ?? ''
    const mint = () => client.asAcme(url + cardPath(acme.activeCard, 'REVEAL'), {})
    const redeem = (widget_token: string) => client.asAcme(url + paths.redeem, { widget_token, widget_type: 'REVEAL' })
    const tokenOf = (text: string): string => JSON.parse(text).widget_token
    const kept = (await inParallel(Array(50).fill(0), 10, mint)).map(({ text }) => tokenOf(text))
    const guest = await client.send(url + paths.guest, {
      body: { client_key: acme.clientKey },
      headers: { Origin: acme.origin },
    })
    const { token } = JSON.parse(guest.text)

    const filler = fill(folder.path)
    const acknowledged = await mintUntilFull(mint)
    const writes = await inParallel(Array(100).fill(0), 10, mint)
    expect(tally(writes.map(({ status }) => status))).toEqual({ 503: 100 })
    for (const { headers, milliseconds } of writes) {
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
      expect(milliseconds).toBeLessThan(5_000)
    }
    const get = (path: string, headers = {}) => client.send(url + path, { method: 'GET', headers })
    const reads = {
      introspect: await client.asAcme(url + paths.introspect, new URLSearchParams({ token })),
      bridge: await client.asAcme(url + paths.bridge, { customer_id: acme.customer }),
      config: await get(`${paths.config}?client_key=${acme.clientKey}`, { Origin: acme.origin }),
      jwks: await get('/.well-known/jwks.json'),
      ready: await get('/health/ready'),
    }
    expect(Object.fromEntries(Object.entries(reads).map(([name, { status }]) => [name, status]))).toEqual({
      introspect: 200,
      bridge: 200,
      config: 200,
      jwks: 200,
      ready: 200,
    })
    expect(JSON.parse(reads.introspect.text).active).toBe(true)

    rmSync(filler)
    const freed = performance.now()
    while ((await mint()).status !== 200) {
      expect(performance.now() - freed).toBeLessThan(recoveryMilliseconds)
      await delay(20)
    }
    report('disk full', {
      recoveryMilliseconds: Math.round(performance.now() - freed),
      acknowledged: acknowledged.length,
    })
    const redeems = await inParallel([...kept, ...acknowledged.map(tokenOf)], 10, redeem)
    expect(tally(redeems.map(({ status }) => status))).toEqual({ 200: redeems.length })
    expect(server && isRunning(server)).toBe(true)
    await fleet.remove()
  } finally {
    client.close()
    execFileSync('umount', ['-l', folder.path])
    await folder.remove()
  }
})

/** Uses all the free space. */
function fill(folder: string): string {
  const path = join(folder, 'filler')
  const file = openSync(path, 'w')
  try {
    for (const size of [65_536, 4_096, 1]) fillBy(file, size)
  } finally {
    closeSync(file)
  }
  return path
}

function fillBy(file: number, size: number): void {
  try {
    while (writeSync(file, Buffer.alloc(size)) === size);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  }
}

/** The free pages of the database are used up first. */
async function mintUntilFull(mint: () => Promise<{ status: number; text: string }>): Promise<string[]> {
  const acknowledged: string[] = []
  for (let attempt = 0; attempt < 20_000; attempt++) {
    const { status, text } = await mint()
    if (status !== 200) return acknowledged
    acknowledged.push(text)
  }
  throw new Error('the disk never became full')
}
