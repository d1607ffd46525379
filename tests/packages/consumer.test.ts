import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { codeBlocks } from '../rules/support/markdown.js'
import { readText, root } from '../rules/support/repository.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { install, runCompiler, runScript } from './support/pack.js'

const checkTypes = fileURLToPath(new URL('support/check-types.mjs', import.meta.url))

/** Other packages that the examples of the documentation import. */
const forDocs = ['express', '@types/express', '@types/node', 'fastify', 'hono', 'socket.io', 'ws', '@types/ws']

/** Fields in the consumer's file, and what an editor shows for them. */
const meanings = [
  ['customer_id', 'The unique identifier of the customer to create a bridge token for.'],
  ['external_id', 'Unique identifier for the paykey in your database, used for cross-referencing.'],
  ['.bridge_token', 'JWT to use in the bridge widget.'],
  ['client_key', 'The public identifier, pk_live_… or pk_test_…'],
  ['.refresh_token', 'Opaque; replaced at every use'],
] as const
const documented = [
  'hallpass.bridge\n    .initialize',
  'createWidgetSession',
  "baseUrl: 'https://pass.example', clientKey",
  ...meanings.map(([field]) => field),
]

const packed = inject('packed').filter(({ home }) => ['packages/contracts', 'packages/client'].includes(home))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  await install(packed, ['zod', 'react', '@types/react', ...forDocs], folder.path)
  await cp(join(root, 'tests/packages/consumer/consumer.ts'), join(folder.path, 'consumer.ts'))
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }))
})
afterAll(() => folder.remove())

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2024', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // check the declarations themselves
  skipLibCheck: false,
}

describe('a project that installed the packed client without the server', () => {
  const resolutions = {
    nodenext: { module: 'NodeNext', moduleResolution: 'NodeNext' },
    bundler: { module: 'ESNext', moduleResolution: 'Bundler' },
  } as const

  interface Options {
    readonly file?: string
    readonly skipLibCheck?: boolean
  }

  /** Writes a configuration for one file of the project. Returns its path. */
  async function configure(resolution: keyof typeof resolutions, { file = 'consumer.ts', ...options }: Options = {}) {
    const config = join(folder.path, `tsconfig.${resolution}.${file}.json`)
    const settings = { compilerOptions: { ...compilerOptions, ...resolutions[resolution], ...options }, files: [file] }
    await writeFile(config, JSON.stringify(settings))
    return config
  }

  /** Compiles one file of the project with `tsc`. `files` is everything that the compiler read. */
  async function compile(resolution: keyof typeof resolutions, options?: Options) {
    const config = await configure(resolution, options)
    const { code, text } = await runCompiler(config, folder.path, ['--listFiles'])
    const lines = text.split('\n').filter((line) => line !== '')
    const isFile = (line: string) => /^\/.*\.[cm]?ts$/.test(line)
    return { code, errors: lines.filter((line) => !isFile(line)), files: lines.filter(isFile).toSorted() }
  }

  const expectOurs = (files: readonly string[]) =>
    expect(files.filter((file) => file.includes('/@hallpass/client/'))).not.toEqual([])

  test('compiles with typescript, with nodenext and bundler module resolution', async () => {
    const nodenext = await compile('nodenext')
    expect(nodenext).toMatchObject({ code: 0, errors: [] })
    expectOurs(nodenext.files)
    // it reads the declarations that were just checked
    expect(await compile('bundler', { skipLibCheck: true })).toEqual(nodenext)
  })

  // the test above found that both resolutions read the same declarations, so these compilers take one each
  describe.each([
    ['typescript-5.9', 'nodenext'],
    ['typescript-6', 'bundler'],
  ] as const)('with %s', (compiler, resolution) => {
    let check: { readonly errors: string[]; readonly files: string[] }
    let shown: { readonly documentation: string; readonly tags: string[] }[]
    beforeAll(async () => {
      const args = [join(root, 'node_modules', compiler), JSON.stringify(documented), await configure(resolution)]
      const { code, text } = await runScript(checkTypes, args, folder.path)
      expect(code, text).toBe(0)
      ;({ check, shown } = JSON.parse(text))
    })

    test(`compiles with module resolution ${resolution}`, () => {
      expect(check.errors).toEqual([])
      expectOurs(check.files)
    })

    test('an editor shows what the contracts say about an operation, its input and its result', () => {
      const [initialize, create, clientKey, ...fields] = shown
      const text = [initialize?.documentation, ...(initialize?.tags ?? [])].join('\n')
      expect(text).toContain('Create a Widget session token.')
      expect(text).toContain('`customer_id`: The unique identifier of the customer')
      expect(text).toContain('`bridge_token`: JWT to use in the bridge widget.')
      expect(text).toMatch(/@throws HallpassClientError .*state_conflict/)
      expect(create?.documentation).toContain("Creates a visitor's session.")
      expect(clientKey?.documentation).toContain('pk_live_…')
      expect(fields.map(({ documentation }) => documentation)).toEqual(meanings.map(([, meaning]) => meaning))
    })
  })

  test('a wrong field does not compile, so the test above can fail', async () => {
    const source = await readFile(join(folder.path, 'consumer.ts'), 'utf8')
    await writeFile(join(folder.path, 'wrong.ts'), source.replace('customer_id:', 'customer:'))
    const { code, errors } = await compile('nodenext', { file: 'wrong.ts', skipLibCheck: true })
    expect(code).not.toBe(0)
    expect(errors.join('\n')).toContain("'customer'")
  })

  test('the examples of docs/client.md and docs/verifying.md compile', async () => {
    const examples = ['client', 'verifying'].flatMap((page) => {
      const blocks = codeBlocks(readText(`docs/${page}.md`)).filter(({ language }) => language === 'ts')
      expect(blocks.length).toBeGreaterThan(1)
      return blocks.map(({ text }, index) => ({ file: `${page}-${index}.ts`, text }))
    })
    for (const { file, text } of examples) await writeFile(join(folder.path, file), text)
    // the declarations of the frameworks are not ours to check
    const options = { ...compilerOptions, ...resolutions.nodenext, skipLibCheck: true, types: ['node'] }
    const settings = { compilerOptions: options, files: examples.map(({ file }) => file) }
    await writeFile(join(folder.path, 'tsconfig.docs.json'), JSON.stringify(settings))
    expect(await runCompiler('tsconfig.docs.json', folder.path)).toEqual({ code: 0, text: '' })
  })

  test('CommonJS can require it', async () => {
    const entries = ['', '/browser', '/embed', '/react', '/verify', '/hold'].map((path) => `@hallpass/client${path}`)
    const source = `for (const name of ${JSON.stringify(entries)}) console.log(name, Object.keys(require(name)).length > 0)`
    await writeFile(join(folder.path, 'required.cjs'), source)
    const { text } = await runScript(join(folder.path, 'required.cjs'), [], folder.path)
    expect(text).toBe(entries.map((name) => `${name} true\n`).join(''))
  })

  test('none of its files mentions the server', async () => {
    for (const { name, files } of packed) {
      for (const file of files.filter((path) => /\.(js|d\.ts)$/.test(path))) {
        const text = await readFile(join(folder.path, 'node_modules', name, file), 'utf8')
        expect(text.includes('@hallpass/server'), `${name}/${file}`).toBe(false)
      }
    }
  })
})
