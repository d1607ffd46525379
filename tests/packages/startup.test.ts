import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../rules/support/repository.js'
import { serve, writeFixture } from '../system/support/servers/child-process.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'

/*
 * How many files a start loads decides how long it takes, and is the same on every machine. Node notes the files that a
 * process loaded for its coverage. `--help` takes less than twice the CPU time of `node -e 0`, and `serve` 0.3 s.
 */
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** The files that a process loaded, from the root of the repository. */
async function loadedFiles(coverage: string): Promise<string[]> {
  const reports = await Promise.all((await readdir(coverage)).map((name) => readFile(join(coverage, name), 'utf8')))
  const scripts = reports.flatMap((text) => JSON.parse(text).result as { url: string }[])
  const files = scripts.map(({ url }) => url).filter((url) => url.startsWith('file:'))
  return [...new Set(files)].map((url) => url.slice(`file://${root}`.length)).toSorted()
}

test.each(['bridge initialize --help', '--version'])(
  'hallpass %s loads at most 16 files, all of its own',
  async (line) => {
    const coverage = join(folder.path, `coverage of ${line}`)
    const command = join(root, 'packages/cli/bin/hallpass.js')
    await promisify(execFile)(process.execPath, [command, ...line.split(' ')], {
      env: { PATH: process.env.PATH ?? '', NODE_V8_COVERAGE: coverage },
    })
    const files = await loadedFiles(coverage)
    expect(files.filter((file) => !file.includes('packages/cli/'))).toEqual([])
    expect(files).toContain('/packages/cli/dist/main.js')
    expect(files.length).toBeLessThanOrEqual(16)
  },
)

test('hallpass serve loads at most 30 files, and no package but the SQLite of Node 20', async () => {
  const coverage = join(folder.path, 'coverage of serve')
  const fixture = await writeFixture(folder.path)
  const { stop } = await serve({ cwd: folder.path, flags: { fixture }, env: { NODE_V8_COVERAGE: coverage } })
  expect((await stop()).code).toBe(0)
  const files = await loadedFiles(coverage)
  const [packages, own] = [true, false].map((isPackage) =>
    files.filter((file) => file.includes('node_modules') === isPackage),
  )
  const sqlite = /node_modules\/(better-sqlite3|bindings|file-uri-to-path)\//
  expect(packages?.filter((file) => !sqlite.test(file))).toEqual([])
  expect(own?.length).toBeGreaterThan(10)
  expect(own?.length).toBeLessThanOrEqual(30)
})
