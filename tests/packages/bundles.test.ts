import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { readText, root } from '../rules/support/repository.js'

/** The size of a subpath in a page or a server that uses all of it, minified with a bundler's defaults. */
async function bundle(subpath: string): Promise<{ text: string; kilobytes: number; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '@hallpass/client${subpath}'`, resolveDir: `${root}/tests` },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: '/',
    // a page loads the parts that few sessions need later
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['react'],
    logLevel: 'silent',
  })
  const text = outputFiles.map((file) => file.text).join('\n')
  const first = loadedFirst(metafile).map((path) => outputFiles.find((file) => file.path.endsWith(path))?.text)
  return { text, kilobytes: gzipSync(first.join('\n')).length / 1000, inputs: usedIn(metafile) }
}

/** The names of the entry and of what it imports statically. */
function loadedFirst({ outputs }: Metafile): string[] {
  const entry = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === '<stdin>')
  const paths = new Set<string>(entry?.slice(0, 1) as string[])
  for (const path of paths) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[imported]) paths.add(imported)
    }
  }
  return [...paths].map((path) => path.replace(/^.*\//, '/'))
}

/** The files of which the bundle contains any code. */
function usedIn({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
}

/** Strings that only the server contains. If one of them is in a bundle, server code is too. */
const serverWords =
  /HALLPASS_[A-Z]+|better-sqlite3|kysely|FST_ERR_|StoreUnavailable|sealed_private|token_states|sk_(live|test)_/
const signingWords = /subtle\.sign\b|SignJWT|PRIVATE KEY/

/** The first of these in a text that is too long to print. */
const wordIn = (text: string, words: RegExp) => words.exec(text)?.[0]

/** The client itself, and the parts of the contracts that need no schema. */
const pageFiles = /packages\/(client\/dist|contracts\/dist\/core)\/|^<stdin>$/

describe.each([
  ['', 2.6],
  ['/browser', 8],
  ['/dpop', 1],
  ['/embed', 11.5],
  ['/hold', 1.2],
  ['/react', 11.2],
])('a page that imports @hallpass/client%s', (subpath, ceiling) => {
  test(`first loads at most ${ceiling} kB (gzip), and nothing that a page doesn't need`, async () => {
    const { text, kilobytes, inputs } = await bundle(subpath)
    expect(kilobytes).toBeLessThan(ceiling)
    expect(inputs.filter((path) => !pageFiles.test(path))).toEqual([])
    expect(wordIn(text, serverWords)).toBeUndefined()
    // a page signs only proofs of its own key
    expect(wordIn(text, signingWords)).toBe(subpath === '/dpop' ? 'subtle.sign' : undefined)
  })
})

test('a page that binds its sessions to a key first loads at most 9 kB (gzip)', async () => {
  const entries = await Promise.all([bundle('/browser'), bundle('/dpop')])
  expect(entries.reduce((sum, { kilobytes }) => sum + kilobytes, 0)).toBeLessThan(9)
})

test('the script for pages without modules is at most 14.4 kB (gzip), and one expression', async () => {
  const script = readText('packages/client/dist/embed.iife.js')
  expect(gzipSync(script).length).toBeLessThan(14_400)
  expect(wordIn(script, serverWords)).toBeUndefined()
  expect(wordIn(script, /\bimport\s*[({"']|\bexport\s*[{*]/)).toBeUndefined()
})

test('@hallpass/client/verify in a server bundle has no signing code and no other language', async () => {
  const { text, kilobytes, inputs } = await bundle('/verify')
  expect(kilobytes).toBeLessThan(43)
  expect(
    inputs.filter((path) => /packages\/server|jose\/.*\/(sign|encrypt|jwt\/(sign|encrypt|produce))/.test(path)),
  ).toEqual([])
  expect(inputs.filter((path) => /zod\/.*\/locales\/(?!en\.)/.test(path))).toEqual([])
  expect(wordIn(text, serverWords)).toBeUndefined()
  expect(wordIn(text, signingWords)).toBeUndefined()
})

test('docs/embedding.md shows the hash of the script', () => {
  const hash = createHash('sha384').update(readText('packages/client/dist/embed.iife.js')).digest('base64')
  expect(/^sha384-.*$/m.exec(readText('docs/embedding.md'))?.[0]).toBe(`sha384-${hash}`)
})
