import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { codeBlocks } from '../rules/support/markdown.js'
import { readText, root } from '../rules/support/repository.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { install, runBinary, runCompiler, runScript } from './support/pack.js'

const homes = ['packages/contracts', 'packages/server', 'packages/cli']
const packed = inject('packed').filter(({ home }) => homes.includes(home))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  // Node 20 has no SQLite of its own
  const sqlite = process.getBuiltinModule('node:sqlite') ? [] : ['better-sqlite3']
  await install(packed, ['zod', 'pino', 'cli-progress', 'vitest', '@types/node', ...sqlite], folder.path)
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }))
})
afterAll(() => folder.remove())

const pageExample =
  codeBlocks(readText('docs/testing.md')).find(({ text }) => text.includes('startHallpass'))?.text ?? ''

const more = `import { expect, test } from 'vitest'
import { startHallpass } from 'hallpass/testing'

test('has a clock, every kind of token, and a process of its own', async () => {
  const now = Date.parse('2030-01-01T00:00:00Z')
  const [one, two] = await Promise.all([startHallpass({ now }), startHallpass()])
  expect(one.url).not.toBe(two.url)
  const { url, keys, mint, clock } = one
  const introspect = async (token: string) => {
    const headers = { Authorization: \`Bearer \${keys.apiKey}\` }
    const response = await fetch(\`\${url}/oauth2/introspect\`, { method: 'POST', headers, body: new URLSearchParams({ token }) })
    return response.json() as Promise<{ active: boolean; iat?: number; sub?: string; origin?: string }>
  }
  const guest = await mint.guest({ origin: 'http://localhost:8080' })
  expect(await introspect(guest.token)).toMatchObject({ active: true, origin: 'http://localhost:8080' })
  expect(Math.abs(((await introspect(guest.token)).iat ?? 0) - now / 1000)).toBeLessThan(60)
  const tokens = [
    guest.token,
    (await mint.user('user_42', { displayName: 'Ada' })).token,
    await mint.bridgeToken({ externalId: 'order-7' }),
    await mint.cardToken({ widgetType: 'GET_PIN' }),
  ]
  for (const token of tokens) expect((await introspect(token)).active).toBe(true)
  await one.revoke(tokens[3] ?? '')
  expect(await introspect(tokens[3] ?? '')).toEqual({ active: false })
  await clock.advance(4 * 3600 + 60)
  for (const token of tokens) expect(await introspect(token)).toEqual({ active: false })
  expect(clock.now() - now).toBeGreaterThan(4 * 3600_000)
  await expect(mint.guest({ origin: 'https://attacker.example' })).rejects.toThrow('403 /api/v1/widget/auth/guest')
  await Promise.all([one.stop(), two.stop(), one.stop()])
  await expect(fetch(url)).rejects.toThrow()
})

test('refuses what it cannot use', async () => {
  await expect(startHallpass({ fixture: { accounts: [{ id: 1 }] } })).rejects.toThrow('accounts.0.id')
  const taken = await startHallpass()
  const port = Number(new URL(taken.url).port)
  await expect(startHallpass({ port })).rejects.toThrow(\`Port \${port}\`)
  await expect(taken.clock.advance(-1)).rejects.toThrow(RangeError)
  // left running: it ends with this process
})
`

describe('hallpass/testing, installed as published', () => {
  test('runs in Vitest, as docs/testing.md shows it', async () => {
    await mkdir(join(folder.path, 'tests'))
    await writeFile(join(folder.path, 'tests/page.test.ts'), pageExample)
    await writeFile(join(folder.path, 'tests/more.test.ts'), more)
    const { code, text } = await runBinary(
      'vitest/vitest.mjs',
      ['run', '--test-timeout=60000', '--root', folder.path],
      folder.path,
    )
    expect(code, text).toBe(0)
    const options = { target: 'ES2022', lib: ['ES2023', 'DOM'], module: 'NodeNext', strict: true, noEmit: true }
    const settings = { compilerOptions: { ...options, skipLibCheck: true, types: ['node'] }, include: ['tests'] }
    await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify(settings))
    expect(await runCompiler('tsconfig.json', folder.path)).toEqual({ code: 0, text: '' })
  })

  // Jest loads it this way
  test('runs in CommonJS, and a process that forgets to stop it ends', async () => {
    const script = join(folder.path, 'main.cjs')
    await writeFile(
      script,
      `const { startHallpass } = require(${JSON.stringify(join(folder.path, 'node_modules/hallpass/dist/for-tests/index.cjs'))})
startHallpass().then(async ({ mint }) => console.log((await mint.guest()).auth_mode))`,
    )
    expect(await runScript(script, [], root)).toEqual({ code: 0, text: 'guest\n' })
  })
})
