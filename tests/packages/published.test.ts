import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readText, root } from '../rules/support/repository.js'
import { temporaryFolder } from '../system/support/temporary-folder.js'
import { type Packed, packAll, runBinary } from './support/pack.js'

const homes = ['packages/contracts', 'packages/client', 'packages/server', 'packages/cli']
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let packed: Packed[]
beforeAll(async () => {
  folder = await temporaryFolder()
  packed = await packAll(homes, folder.path)
})
afterAll(() => folder.remove())

describe.each(homes)('%s as it is published', (home) => {
  test('publint (strict) finds nothing to say', async () => {
    const pkg = JSON.parse(readText(`${home}/package.json`))
    const files = (packed.find((one) => one.home === home)?.files ?? []).map((name) => ({
      name: `package/${name}`,
      data: new TextEncoder().encode(readText(`${home}/${name}`)),
    }))
    const { messages } = await publint({ pkgDir: 'package', pack: { files }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })
})

// the command line has no entry point to import, and the script file no types to have
describe.each([
  ['packages/contracts', []],
  ['packages/client', ['embed.iife.js']],
  ['packages/server', []],
] as const)('the types of %s', (home, leftOut) => {
  test('resolve for modules and bundlers (attw, esm-only)', async () => {
    const tarball = packed.find((one) => one.home === home)?.tarball ?? ''
    const options = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii']
    const exclude = leftOut.length > 0 ? ['--exclude-entrypoints', ...leftOut] : []
    const { code, text } = await runBinary(
      '@arethetypeswrong/cli/dist/index.js',
      [tarball, ...options, ...exclude],
      root,
    )
    expect(code, text).toBe(0)
  })
})
