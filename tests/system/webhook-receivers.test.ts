import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Operations, OutputOf } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CodeBlock, codeBlocks } from '../rules/support/markdown.js'
import { readText, root } from '../rules/support/repository.js'
import { freePort } from '../support/free-port.js'
import { administer } from './support/fixtures/administer.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { withServer } from './support/servers/with-server.js'

type Webhook = OutputOf<Operations['admin.webhooks.create']>

const blocks = codeBlocks(readText('docs/webhooks.md'))
const commands: Readonly<Record<string, readonly [command: string, file: string]>> = {
  js: [process.execPath, 'receiver.mjs'],
  python: ['python3', 'receiver.py'],
}
/** The receivers of the page, each with the output that the page shows after it. */
const receivers = blocks.flatMap((block, index) =>
  block.marks.includes('receiver') ? [{ ...block, output: outputAfter(blocks[index + 1]) }] : [],
)

function outputAfter(block: CodeBlock | undefined): string {
  if (!block?.marks.includes('output')) throw new Error('a receiver must be followed by its output')
  return block.text.trim()
}

/** The output with the ids and the time of this run replaced, as they differ in every run. */
const withoutIds = (text: string) =>
  text
    .trim()
    .replace(/(evt|whe)_[0-9a-f-]{36}/g, '$1_ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME')

const server = withServer({ fixture: fixtureWithHost, config: { localIssuers: true } })
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'))
})
afterAll(() => folder.remove())

test('the page shows a receiver in JavaScript and one in Python', () => {
  expect(receivers.map(({ language }) => language)).toEqual(['js', 'python'])
})

describe.each(receivers)('the $language receiver of docs/webhooks.md', ({ language, text, output }) => {
  let url: string
  let webhook: Webhook
  let child: ChildProcess
  let printed = ''
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const input = { url, event_types: ['token.spent'] }
    webhook = await bodyOf<Webhook>(await administer(server).post('webhooks', input))
    const [command = '', file = ''] = commands[language] ?? []
    await writeFile(join(folder.path, file), text)
    const env = { PATH: process.env.PATH ?? '', PORT: String(port), WEBHOOK_SECRET: webhook.secret }
    child = spawn(command, [file], { cwd: folder.path, env, stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
    })
    for (const end = performance.now() + 20_000; performance.now() < end; await delay(20)) {
      if (await fetch(url, { method: 'HEAD' }).catch(() => undefined)) return
    }
    throw new Error('the receiver does not listen')
  })
  afterAll(async () => {
    child.kill()
    await once(child, 'close')
  })

  test('accepts a delivery, and prints what the page shows', async () => {
    const admin = administer(server)
    await admin.post(`webhooks/${webhook.id}/test`, {})
    const stateOf = async () => {
      const { data } = await bodyOf<{ data: { state: string; last_status: number }[] }>(
        await admin.get(`webhooks/${webhook.id}/deliveries`),
      )
      return data
    }
    await expect.poll(stateOf).toMatchObject([{ state: 'delivered', last_status: 204 }])
    expect(withoutIds(printed)).toBe(withoutIds(output))
  })

  test.each([
    ['of another secret', 'whsec_AAAA', 0, 400],
    ['of 6 minutes ago', undefined, -360, 400],
    ['of now', undefined, 0, 204],
  ])('answers a signature %s with the right status', async (_, secret = webhook.secret, seconds, status) => {
    const body = JSON.stringify({ type: 'webhook.test', data: {} })
    const timestamp = String(Math.floor(Date.now() / 1000) + seconds)
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const signature = createHmac('sha256', key).update(`evt_1.${timestamp}.${body}`).digest('base64')
    const signed = { 'webhook-id': 'evt_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
    expect((await fetch(url, { method: 'POST', headers: signed, body })).status).toBe(status)
  })
})
