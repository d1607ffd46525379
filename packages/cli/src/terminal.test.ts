import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProgram } from './create-program.js'
import { type Loaded, loadedFiles } from './testing/loaded-files.js'
import { startRecordingServer } from './testing/recording-server.js'
import { runOnTerminal, startProcess } from './testing/start-process.js'

const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const exampleLine = ['bridge', 'initialize', '--api-key', 'My API Key', '--customer-id', customer]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-terminal-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The words of every command, including groups. */
function wordsOf(command: Command, words: readonly string[] = []): string[][] {
  return command.commands.flatMap((child) => {
    const own = [...words, child.name()]
    return [own, ...wordsOf(child, own)]
  })
}
const silent = { write: () => {}, isTTY: false }
const io = {
  stdin: { kind: 'none', open: () => process.stdin },
  stdout: silent,
  stderr: silent,
  env: {},
  fetch,
  columns: 80,
} as const
const commands = wordsOf(createProgram(io, () => {}))

describe('hallpass on a terminal', { timeout: 60_000 }, () => {
  test('the documented command prints the documented response in colors, and warns about the key', async () => {
    const { url, requests } = await startRecordingServer()
    const { exitCode, shown } = await runOnTerminal(exampleLine, { env: { HALLPASS_BASE_URL: url } })
    expect(exitCode).toBe(0)
    const [warning, ...answer] = shown.split('\n')
    expect(warning).toBe('warning: other users of this machine can see --api-key. Use HALLPASS_API_KEY instead.')
    expect(answer.join('\n')).toContain('\u001b[34m"bridge_token"\u001b[39m: \u001b[32m"bridge_token"\u001b[39m')
    expect(JSON.parse(stripVTControlCharacters(answer.join('\n')))).toEqual({
      data: { bridge_token: 'bridge_token' },
      meta: {
        api_request_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
        api_request_timestamp: '2019-12-27T18:11:19.117Z',
      },
      response_type: 'object',
    })
    expect(requests).toHaveLength(1)
  })

  test('does not wait for input if a required flag is missing', async () => {
    const { exitCode, shown } = await runOnTerminal(['bridge', 'initialize'], { env: { HALLPASS_API_KEY: 'k' } })
    expect({ exitCode, shown }).toEqual({
      exitCode: 1,
      shown: "Missing required flag --customer-id.\nRun 'hallpass bridge initialize --help' for usage.\n",
    })
  })

  test('the help of every command has an example and fits the width of the terminal', async () => {
    const lines = commands.map((words) => [...words, '--help'])
    const env = { RUN_EACH: JSON.stringify(lines) }
    const { shown } = await runOnTerminal([], { env, columns: 100, program: 'run-each' })
    // each help text is followed by a line with its exit code
    const helps = shown.split(/^=== (.*)\n/m)
    for (const [i, words] of commands.entries()) {
      const [help, ended] = helps.slice(2 * i, 2 * i + 2)
      expect(help).toMatch(
        new RegExp(`^Usage: hallpass ${words.join(' ')} [^]*\\nExample:\\n  [^\\n]*hallpass ${words[0]} `),
      )
      expect(ended).toBe(`${words.join(' ')} --help 0`)
    }
    const wrapped = shown
      .split('\n')
      .filter((line) => !/^(=== |Usage: | {2}(hallpass|HALLPASS)|.*https?:|.* \\$|.*'\{)/.test(line))
    expect(wrapped.filter((line) => line.length > 100)).toEqual([])
    expect(commands.length).toBeGreaterThan(50)
  })

  test('long work shows a progress bar', async () => {
    const account = { id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11', tenant: '2_3', environment: 'sandbox' }
    const file = join(folder, 'fixture.json')
    writeFileSync(file, JSON.stringify({ accounts: [{ ...account, customers: [{ id: customer }] }] }))
    const line = ['fixture', 'import', file, '--database-url', `file:${join(folder, 'x.db')}`]
    const { exitCode, shown } = await runOnTerminal(line)
    expect(exitCode).toBe(0)
    expect(shown).toContain('importing ████████████████████████ 100% | 1 of 1 records')
  })
})

describe('hallpass in a separate process', { timeout: 60_000 }, () => {
  /** What a process loads for some command lines, according to V8. */
  async function loadedBy(...lines: readonly (readonly string[])[]): Promise<Loaded> {
    const coverage = mkdtempSync(join(folder, 'loaded-'))
    const env = { RUN_EACH: JSON.stringify(lines), NODE_V8_COVERAGE: coverage }
    await startProcess([], env, 'run-each').ended
    return loadedFiles(coverage)
  }
  const isOfServer = (path: string) => /packages\/server\/|node_modules\/(fastify|better-sqlite3|kysely)\//.test(path)
  const isOfSchemas = (path: string) => /packages\/contracts\/src\/(?!core\/)|node_modules\/zod\//.test(path)
  const isLibrary = (path: string) => /node_modules\/(yaml|cli-progress|@jmespath-community)\//.test(path)

  test('help and completion load no server, no schemas and no library except commander', async () => {
    const help = [['--help'], ['tokens', '--help'], ['bridge', 'initialize', '--help'], ['serve', '--help']]
    const others = [['--version'], ['completion', 'bash'], ['brige'], ['bridge', 'initialise']]
    const { sources, files } = await loadedBy(...help, ...others)
    expect(sources.some((path) => path.endsWith('packages/cli/src/create-program.ts'))).toBe(true)
    const libraries = new Set(sources.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))
    expect([...libraries]).toEqual(['commander'])
    expect(sources.filter((path) => isOfServer(path) || isOfSchemas(path))).toEqual([])
    // loading files takes most of the time of a short command, and their number is the same on every machine
    expect(files.length).toBeLessThanOrEqual(20)
  })

  test('a call loads the schemas, but neither the server nor libraries it does not need', async () => {
    const { url } = await startRecordingServer()
    const { sources } = await loadedBy([...exampleLine, '--base-url', url])
    expect(sources.filter(isOfSchemas)).not.toEqual([])
    expect(sources.filter((path) => isOfServer(path) || isLibrary(path))).toEqual([])
  })

  test('serve loads the server, which proves that these tests can detect it', async () => {
    expect((await loadedBy(['serve', '--port', 'http'])).sources.filter(isOfServer)).not.toEqual([])
  })
})
