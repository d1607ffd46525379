import { chmod, chown, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { expectNoStart, serve } from './support/servers/child-process.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

/** Permissions don't apply to root, so a server of root's runs as another user. */
const uid = process.getuid?.() === 0 ? 65_534 : undefined
const asUser = uid === undefined ? {} : { uid }

async function newFolder(): Promise<string> {
  const { path, remove } = await temporaryFolder()
  onTestFinished(remove)
  if (uid !== undefined) await chown(path, uid, uid)
  return path
}

describe('hallpass serve refuses to start', () => {
  test('if it may not write its lock file, which then locks nothing', async () => {
    const cwd = await newFolder()
    await writeFile(join(cwd, 'hallpass.db.lock'), '', { mode: 0o444 })
    const { line } = await expectNoStart({ cwd, flags: { port: '0' }, ...asUser })
    expect(line).toMatch(/The database .*hallpass\.db cannot be locked: EACCES/)
  })

  test('if it may not write to its database', async () => {
    const cwd = await newFolder()
    const first = await serve({ cwd, ...asUser })
    await first.stop()
    await chmod(join(cwd, 'hallpass.db'), 0o444)
    const { line } = await expectNoStart({ cwd, flags: { port: '0' }, ...asUser })
    expect(line).toMatch(/The database .*hallpass\.db cannot be opened: .*readonly/)
  })

  test('if the URL of a SQLite file has a query, which SQLite would not get', async () => {
    const cwd = await newFolder()
    for (const url of ['file:./x.db?mode=ro', `file://${cwd}/x.db?cache=shared`, 'file:x.db#main']) {
      const { line } = await expectNoStart({ cwd, flags: { port: '0', 'database-url': url }, ...asUser })
      expect(line).toContain('has a "?" or "#" after file:')
    }
    expect(await readdir(cwd)).toEqual([])
  })
})
