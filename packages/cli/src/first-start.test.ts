import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'
import { startProcess } from './testing/start-process.js'

let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-first-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const create = (tenant: string) => ['accounts', 'create', '--tenant', tenant, '--database-url', `file:${at('x.db')}`]

/** Pauses a process just before it renames its key file: it writes `paused` and continues once `go` exists. */
const pauseAtKeyFile = () => `
  import fs, { existsSync, writeFileSync } from 'node:fs'
  import { syncBuiltinESMExports } from 'node:module'
  for (const name of ['linkSync', 'renameSync']) {
    const place = fs[name]
    fs[name] = (from, to) => {
      if (String(to).endsWith('.key')) {
        writeFileSync(${JSON.stringify(at('paused'))}, '')
        const cell = new Int32Array(new SharedArrayBuffer(4))
        while (!existsSync(${JSON.stringify(at('go'))})) Atomics.wait(cell, 0, 0, 10)
      }
      return place(from, to)
    }
  }
  syncBuiltinESMExports()`

describe('two first starts at the same time', () => {
  test('the slower one uses the key file of the faster one, and both accounts work', async () => {
    const preload = `--import=data:text/javascript,${encodeURIComponent(pauseAtKeyFile())}`
    const late = startProcess(create('late'), { NODE_OPTIONS: preload })
    await expect.poll(() => existsSync(at('paused'))).toBe(true)
    const early = await hallpass(create('early'))
    expect(early).toMatchObject({ exitCode: 0 })
    const key = readFileSync(at('x.db.key'), 'utf8')
    writeFileSync(at('go'), '')
    expect(await late.ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readFileSync(at('x.db.key'), 'utf8')).toBe(key)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    // the data key can only be decrypted with the key in the file
    expect(await hallpass(create('third'))).toMatchObject({ exitCode: 0 })
  })
})

test('the first command on a host creates the database and the key readable only by their owner', async () => {
  const umask = process.umask(0)
  try {
    await hallpass(create('acme'))
    await hallpass(['backup', at('backup.db'), '--database-url', `file:${at('x.db')}`])
  } finally {
    process.umask(umask)
  }
  const modes = readdirSync(folder).map((name) => [name, (statSync(at(name)).mode & 0o777).toString(8)])
  expect(Object.fromEntries(modes)).toMatchObject({ 'x.db': '600', 'x.db.key': '600', 'backup.db': '600' })
  expect(modes.filter(([, mode]) => mode !== '600')).toEqual([])
})
