import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { codeBlocks } from '../rules/support/markdown.js'
import { readText, root } from '../rules/support/repository.js'
import { freePort } from '../support/free-port.js'
import { startDev } from './support/servers/dev-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const blocks = codeBlocks(readText('docs/quickstart.md'))
/** The program in a language, and the response that the page shows below it. */
function programIn(language: string, answer: (block: (typeof blocks)[number]) => boolean) {
  const index = blocks.findIndex((block) => block.language === language && block.marks.includes('run'))
  const shown = blocks.slice(index).find(answer)
  return { program: blocks[index]?.text ?? '', shown: shown?.text ?? '' }
}

test('the programs of docs/quickstart.md run against hallpass dev, and print what the page shows', async () => {
  const folder = await temporaryFolder()
  const dev = await startDev(folder.path)
  const inTests = join(root, 'tests/dist/quickstart')
  mkdirSync(inTests, { recursive: true })
  try {
    const python = programIn('python', ({ language }) => language === 'text')
    const code = python.program.replaceAll('http://127.0.0.1:8787', dev.url)
    const { stdout } = await promisify(execFile)('python3', ['-c', code])
    expect(stdout.trim()).toBe(python.shown.trim())

    const express = programIn('js', ({ language, marks }) => language === 'json' && marks.includes('express'))
    const port = String(await freePort())
    const file = join(inTests, 'server.mjs')
    writeFileSync(file, express.program.replaceAll('http://127.0.0.1:8787', dev.url).replaceAll('4000', port))
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    const guest = await fetch(`${dev.url}/api/v1/widget/auth/guest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'http://localhost:3000' },
      body: JSON.stringify({ client_key: 'pk_test_acme' }),
    })
    const { token } = await guest.json()
    const whoAmI = (headers: Readonly<Record<string, string>>) => fetch(`http://127.0.0.1:${port}/whoami`, { headers })
    const known = await whoAmI({ Authorization: `Bearer ${token}` })
    const unknown = await whoAmI({})
    child.kill()
    expect([known.status, await known.json()]).toEqual([200, JSON.parse(express.shown)])
    expect(unknown.status).toBe(401)
  } finally {
    await dev.stop()
    rmSync(inTests, { recursive: true, force: true })
    await folder.remove()
  }
})
