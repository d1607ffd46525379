import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const folder = new URL('../../packages/contracts/src/core/', import.meta.url)
const files = readdirSync(folder).filter((file) => !file.endsWith('.test.ts'))

// otherwise a page that imports one of these constants would load every schema: 95 kB
describe('@hallpass/contracts/core', () => {
  test.each(files)('%s imports only files of its own folder', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, path]) => path)
    expect(imported.filter((path) => !/^\.\/[\w-]+\.js$/.test(path ?? ''))).toEqual([])
  })
})
