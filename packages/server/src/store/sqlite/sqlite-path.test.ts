import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { keyFileOf } from '../../crypto/master-key.js'
import { resolveDatabase } from '../resolve-database.js'
import { sqlitePath } from './sqlite-path.js'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hallpass-path-')))
afterAll(() => rmSync(folder, { recursive: true }))

let folders = 0
const newFolder = () => {
  const path = join(folder, String(++folders))
  mkdirSync(path)
  return path
}

describe('one database, by whatever name it is reached', () => {
  const names: [what: string, prepare: (folder: string) => { real: string; other: string }][] = [
    ['white space around the path', (f) => ({ real: `${f}/x.db`, other: ` ${f}/x.db\n` })],
    ['a file: URL', (f) => ({ real: `${f}/x.db`, other: `//${f}/x.db` })],
    ['a relative step', (f) => ({ real: `${f}/x.db`, other: `${f}/../${f.split('/').at(-1)}/./x.db` })],
    [
      'a link to a file that is not there yet',
      (f) => {
        mkdirSync(`${f}/data`)
        symlinkSync('data/x.db', `${f}/link.db`)
        return { real: `${f}/data/x.db`, other: `${f}/link.db` }
      },
    ],
    [
      'a link to a link to a file that is not there yet',
      (f) => {
        symlinkSync(`${f}/x.db`, `${f}/one.db`)
        symlinkSync('one.db', `${f}/two.db`)
        return { real: `${f}/x.db`, other: `${f}/two.db` }
      },
    ],
    [
      'a linked folder',
      (f) => {
        mkdirSync(`${f}/data`)
        symlinkSync('data', `${f}/current`)
        return { real: `${f}/data/x.db`, other: `${f}/current/x.db` }
      },
    ],
    [
      'a link to a file',
      (f) => {
        writeFileSync(`${f}/x.db`, '')
        symlinkSync('x.db', `${f}/link.db`)
        return { real: `${f}/x.db`, other: `${f}/link.db` }
      },
    ],
  ]

  test.each(names)('%s', (_what, prepare) => {
    const { real, other } = prepare(newFolder())
    expect(sqlitePath(`file:${other}`)).toBe(real)
    // the key file follows
    expect(keyFileOf(sqlitePath(`file:${other}`) ?? '')).toBe(`${real}.key`)
    const first = resolveDatabase(`file:${real}`, 1)
    first.lock()
    expect(() => resolveDatabase(`file:${other}`, 1).lock()).toThrow(/is in use by another process/)
    return first.leave()
  })

  test('a link to itself has a path, and no server', () => {
    const path = join(newFolder(), 'loop.db')
    symlinkSync(path, path)
    expect(sqlitePath(`file:${path}`)).toContain('loop.db')
  })

  test('a file with a second hard link is refused', () => {
    const f = newFolder()
    writeFileSync(`${f}/x.db`, '')
    linkSync(`${f}/x.db`, `${f}/y.db`)
    for (const name of ['x', 'y']) {
      expect(() => resolveDatabase(`file:${f}/${name}.db`, 1).lock()).toThrow(/has several names \(hard links\)/)
    }
  })
})
