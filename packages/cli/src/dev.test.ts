import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findPort } from './dev/find-port.js'
import { sandboxKeys } from './dev/sandbox.js'
import { hallpass } from './testing/hallpass.js'
import { startProcess } from './testing/start-process.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-dev-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const running = new Set<ReturnType<typeof startProcess>>()
afterEach(() => Promise.all([...running].map(stop)))

/** Runs `hallpass dev` on any free ports, and waits until it has printed what to paste. */
async function start(flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const own = flags.includes('--data') ? [] : ['--data', join(folder, 'data')]
  const process = startProcess(['dev', '--port', '0', '--widgets', '0', ...own, ...flags], env)
  running.add(process)
  await expect.poll(() => process.written.stdout + process.written.stderr, { timeout: 30_000 }).toMatch(/Ctrl-C|: /)
  await expect.poll(() => process.written.stdout, { timeout: 30_000 }).toContain('Stop with Ctrl-C.')
  const { stdout } = process.written
  const [, url = ''] = /listening on (\S+)/.exec(stdout) ?? []
  const [, widgetsUrl = ''] = /data-widget-url="(\S+)\/chat"/.exec(stdout) ?? []
  return { process, stdout, url, widgetsUrl }
}

async function stop(process: ReturnType<typeof startProcess>) {
  running.delete(process)
  process.child.kill('SIGTERM')
  return process.ended
}

const post = (url: string, body: object, headers: Readonly<Record<string, string>>) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const guestOf = (url: string, origin: string) =>
  post(`${url}/api/v1/widget/auth/guest`, { client_key: sandboxKeys.clientKey }, { Origin: origin })

const as = (key: string) => ({ Authorization: `Bearer ${key}` })

describe('hallpass dev', () => {
  test('serves the documented examples to any localhost origin, and no others', async () => {
    const { url, process } = await start()
    const { customerId, cardId, apiKey } = sandboxKeys
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:5173', 'https://localhost']) {
      expect((await guestOf(url, origin)).status).toBe(200)
    }
    expect((await guestOf(url, 'https://attacker.example')).status).toBe(403)
    const initialize = await post(`${url}/v1/bridge/initialize`, { customer_id: customerId }, as('My API Key'))
    expect(initialize.status).toBe(200)
    const card = await fetch(`${url}/v1/cards/${cardId}/widget_token?widget_type=REVEAL`, { headers: as(apiKey) })
    expect(await card.json()).toEqual({ tenant: '2_3', widget_token: expect.any(String) })
    expect(await stop(process)).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('keeps its data between starts, and drops it with --reset', async () => {
    const id = '3d1f7e52-8f0a-4a55-9d0c-0a8b1c2d3e4f'
    const find = (url: string) => fetch(`${url}/v1/admin/customers/${id}`, { headers: as(sandboxKeys.apiKey) })
    const first = await start(['--no-widgets'])
    expect(existsSync(join(folder, 'data/dev.db'))).toBe(true)
    expect(readFileSync(join(folder, 'data/.gitignore'), 'utf8')).toBe('*\n')
    const env = { HALLPASS_BASE_URL: first.url, HALLPASS_API_KEY: sandboxKeys.apiKey }
    const upsert = ['customers', 'upsert', '--id', id, '--name', 'Kept', '--status', 'verified']
    expect(await hallpass(upsert, { env })).toMatchObject({ exitCode: 0 })
    await stop(first.process)
    const second = await start(['--no-widgets'])
    expect((await find(second.url)).status).toBe(200)
    await stop(second.process)
    const third = await start(['--no-widgets', '--reset'])
    expect((await find(third.url)).status).toBe(404)
    expect((await guestOf(third.url, 'http://localhost:3000')).status).toBe(200)
  })

  test('ignores variables that name another database', async () => {
    const other = join(folder, 'production.db')
    const env = { HALLPASS_DATABASE_URL: `file:${other}`, HALLPASS_FIXTURE: '/missing.json', HALLPASS_WORKERS: '4' }
    const { url } = await start(['--no-widgets'], env)
    expect((await guestOf(url, 'http://localhost:3000')).status).toBe(200)
    expect(existsSync(other)).toBe(false)
  })

  test('refuses requests that name another host, which is how DNS rebinding arrives', async () => {
    const { url, widgetsUrl } = await start()
    const { request } = await import('node:http')
    const statusFor = (target: string, Host: string) =>
      new Promise((resolve, reject) => {
        const sent = request(target, { headers: { Host } }, (response) => resolve(response.resume().statusCode))
        sent.once('error', reject).end()
      })
    expect(await statusFor(`${url}/health/live`, 'attacker.example')).toBe(400)
    expect(await statusFor(`${url}/health/live`, 'localhost:1')).toBe(200)
    expect(await statusFor(`${widgetsUrl}/chat`, 'attacker.example')).toBe(421)
    expect(await statusFor(`${widgetsUrl}/chat`, 'localhost:1')).toBe(200)
  })

  test('a port that is in use is named', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const { ended } = startProcess(['dev', '--port', port, '--no-widgets', '--data', join(folder, 'taken')])
    expect(await ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`Port ${port}`) })
    expect(await findPort('127.0.0.1', Number(port))).toBeGreaterThan(Number(port))
    server.close()
  })

  test.each(['0.0.0.0', '::', '192.168.1.2', 'pass.example.com'])('--host %s needs --expose', async (host) => {
    const outcome = await hallpass(['dev', '--host', host, '--data', join(folder, 'exposed')])
    expect(outcome).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Add --expose') })
    expect(existsSync(join(folder, 'exposed'))).toBe(false)
  })

  test('--reset is refused while another hallpass dev uses the data', async () => {
    const data = ['--data', join(folder, 'shared')]
    const { url } = await start([...data, '--no-widgets'])
    const second = startProcess(['dev', '--port', '0', '--no-widgets', '--reset', ...data])
    expect(await second.ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('in use by another') })
    expect((await guestOf(url, 'http://localhost:3000')).status).toBe(200)
  })
})
