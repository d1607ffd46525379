import { expect, test } from 'vitest'
import { StartError } from '../../errors.js'
import { findBetterSqlite } from './better-sqlite.js'

const failureOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('a start on Node 20 without better-sqlite3 says what to install', () => {
  const failure = failureOf(() =>
    findBetterSqlite(() => {
      throw Object.assign(new Error("Cannot find module 'better-sqlite3'"), { code: 'MODULE_NOT_FOUND' })
    }),
  )
  expect(failure).toBeInstanceOf(StartError)
  expect(failure).toHaveProperty(
    'message',
    `Node.js ${process.version} has no SQLite of its own. Use Node.js 22.16 or later, or install it: npm install better-sqlite3@12 (npx -p hallpass -p better-sqlite3@12 hallpass)`,
  )
})

test.each([
  ['was not built because of --ignore-scripts', new Error('Could not locate the bindings file. Tried: …')],
  ['was built for another version', Object.assign(new Error('was compiled against …'), { code: 'ERR_DLOPEN_FAILED' })],
])('a native part that %s is explained', (_, cause) => {
  class Broken {
    static readonly SqliteError = class extends Error {}
    constructor() {
      throw cause
    }
  }
  const failure = failureOf(() => findBetterSqlite(() => Broken)(':memory:'))
  expect(failure).toBeInstanceOf(StartError)
  expect(failure).toHaveProperty('message', expect.stringContaining('npm rebuild better-sqlite3'))
  expect(failure).toHaveProperty('cause', cause)
})
