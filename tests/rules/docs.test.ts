import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dirname, join as joinPath } from 'node:path/posix'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { originsOf } from '@hallpass/demo/src/backend/addresses.js'
import { readSettings } from '@hallpass/demo/src/backend/read-settings.js'
import { admitOnly, readFixture } from '@hallpass/demo/src/backend/read-shop.js'
import { createServer, flagVariables, type HallpassServer, loadConfig } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCommands } from './support/curl.js'
import { asShown, type Bindings, bind, type Example, examplesOf } from './support/examples.js'
import { anchorsOf, codeBlocks, linksOf } from './support/markdown.js'
import { filesUnder, readText, root } from './support/repository.js'

const pages = filesUnder('', '.md')

describe('links', () => {
  test.each(pages)('every relative link in %s resolves', (page) => {
    const relative = linksOf(readText(page)).filter((link) => !/^[a-z]+:/.test(link))
    expect(relative.filter((link) => !resolves(page, link))).toEqual([])
  })

  test('docs/README.md links to every page in docs', () => {
    const linked = new Set(linksOf(readText('docs/README.md')).map((link) => joinPath('docs', link)))
    const inDocs = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(inDocs.filter((page) => !linked.has(page))).toEqual([])
  })
})

describe('the tour in docs/architecture.md', () => {
  const page = readText('docs/architecture.md')
  const tour = page.slice(page.indexOf('## One request, file by file'), page.indexOf('## The packages'))
  const stops = [...tour.matchAll(/\[`(\w+)`\]\(([^)]+\.ts)\)/g)].map(([, name = '', link = '']) => ({ name, link }))

  test('follows both requests', () => {
    expect(stops.length).toBeGreaterThan(30)
    expect(tour).toContain('### `POST /v1/bridge/initialize`')
    expect(tour).toContain('### `POST /api/v1/widget/auth/refresh`')
  })

  test.each(stops)('$link declares $name', ({ name, link }) => {
    const declaration = new RegExp(`^export (async )?(function|const|interface) ${name}\\b`, 'm')
    expect(readText(joinPath('docs', link))).toMatch(declaration)
  })
})

describe('docs/configuration.md', () => {
  test.each(Object.entries(flagVariables))('--%s and %s have a line', (flag, variable) => {
    const line = new RegExp(`^\\| \`--${flag}\` +\\| \`${variable}\` +\\|`, 'gm')
    expect(readText('docs/configuration.md').match(line)).toHaveLength(1)
  })
})

describe('docs/decisions', () => {
  test('have unique numbers', () => {
    const numbers = filesUnder('docs/decisions').map((page) => page.slice('docs/decisions/'.length).slice(0, 4))
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([])
  })

  test.each(filesUnder('docs/decisions'))('%s has a number, a title and a date', (page) => {
    expect(page).toMatch(/^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/)
    expect(readText(page)).toMatch(/^# .+\n\n\d{4}-\d{2}-\d{2}\n\n/)
  })
})

/** The server's address as the pages write it. */
const documented = 'http://127.0.0.1:8787'
/** Values in a page that are the same in every run: those of the demo's fixture. */
const demo = readFixture(join(root, 'apps/demo/fixture.json'))
let server: HallpassServer
beforeAll(async () => {
  // like `npm start` with no variables set
  const shop = originsOf(`http://127.0.0.1:${readSettings({}).ports.demo.number}`)
  const flags = { port: '0', 'database-url': ':memory:', 'log-level': 'silent' }
  server = await createServer(loadConfig(flags, {}), { fixture: admitOnly(demo, shop) })
})
afterAll(() => server.stop())

const pagesWithExamples = pages.filter((page) => examplesOf(readText(page)).length > 0)

describe.each(pagesWithExamples)('the requests in %s', (page) => {
  const fixed = JSON.stringify(demo).match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []
  const bindings: Bindings = new Map(fixed.map((id) => [id, id]))

  test.each(examplesOf(readText(page)).map(named))('$name', async ({ example }) => {
    expect(await send(example, bindings)).toEqual(shownIn(example))
  })
})

test('every curl command in a page runs, and its response is shown', () => {
  const left = pages.flatMap((page) =>
    codeBlocks(readText(page))
      .filter(({ text, marks }) => /^curl /m.test(text) && !marks.includes('run'))
      .map(({ text }) => `${page}: ${text}`),
  )
  expect(left).toEqual([])
})

const named = (example: Example) => {
  const { request, response } = example
  return { name: `${response.status} ${request.init.method} ${request.url.replace(documented, '')}`, example }
}

/** Makes the request of an example. Returns the response, with variable values replaced as on the page. */
async function send({ request, response: shown }: Example, bindings: Bindings) {
  const { url, init } = bind(request, bindings)
  const response = await fetch(url.replace(documented, server.url), init)
  const text = (await response.text()).replaceAll(server.url, documented)
  const headers = Object.keys(shown.headers).map((name) => [
    name,
    response.headers.get(name)?.replaceAll(server.url, documented),
  ])
  return {
    status: response.status,
    headers: asShown(shown.headers, Object.fromEntries(headers), bindings),
    body: asShown(bodyOf(shown.body), bodyOf(text), bindings),
  }
}

const shownIn = ({ response }: Example) => ({ ...response, body: bodyOf(response.body) })

/** JSON is compared by value, because pages show it with line breaks. */
function bodyOf(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text
}

/** Pages whose TypeScript is compiled here. tests/packages compiles the others with the published packages. */
const compiledPages = [
  'README.md',
  'docs/embedding.md',
  'docs/frameworks.md',
  'docs/key-bound-sessions.md',
  'docs/quickstart.md',
  'docs/sandbox-faults.md',
  'docs/widget-sessions.md',
]

describe('README.md', () => {
  const blocks = codeBlocks(readText('README.md')).filter(({ marks }) => marks.includes('run'))

  test('has an example for each of the three APIs', () => {
    const requests = examplesOf(readText('README.md')).map(({ request }) => new URL(request.url).pathname)
    expect(requests.map((path) => path.split('/').slice(1, 3).join('/'))).toEqual(['v1/bridge', 'api/v1', 'v1/cards'])
  })

  test('the TypeScript examples compile, and the one of README.md runs', async () => {
    const texts = compiledPages.flatMap((page) =>
      codeBlocks(readText(page)).filter(({ language }) => language === 'ts'),
    )
    expect(texts.length).toBeGreaterThan(compiledPages.length)
    const files = writeExamples(texts.map(({ text }) => text.replaceAll(documented, server.url)))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    // several threads check the same types again
    const project = [tsc, '--singleThreaded', '-p', dirname(files[0] ?? '')]
    const compiled = await promisify(execFile)(process.execPath, project).catch((error: { stdout: string }) => error)
    expect(compiled.stdout).toBe('')
    await import(pathToFileURL(files[0] ?? '').href)
  }, 120_000)

  test('the CLI example returns a token when pasted', async () => {
    const shown = blocks.filter(({ marks }) => marks.includes('cli')).flatMap(({ text }) => readCommands(text))
    expect(shown).toHaveLength(1)
    const [program, ...words] = shown[0] ?? []
    expect(program).toBe('node')
    const env = { ...process.env, HALLPASS_BASE_URL: server.url }
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root, env })
    expect(JSON.parse(stdout).data.bridge_token).toMatch(/^ey/)
  })
})

test('no file contains an unfinished part or a skipped test', () => {
  // assembled here, so that this file doesn't match itself
  const words = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].map((word) => `\\b${word}\\b`)
  const calls = ['on' + 'ly', 'sk' + 'ip'].map((name) => `\\.${name}\\(`)
  const forbidden = new RegExp([...words, ...calls, 'in a real ' + 'system'].join('|'), 'g')
  const found = filesUnder('')
    .filter(isText)
    .flatMap((path) => {
      return (readText(path).match(forbidden) ?? []).map((words) => `${path}: ${words}`)
    })
  expect(found).toEqual([])
})

function resolves(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : joinPath(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || anchorsOf(readText(target)).includes(anchor)
}

/** Writes the examples to a folder that git ignores and where they can import the packages. */
function writeExamples(texts: readonly string[]): string[] {
  const folder = join(root, 'tests/dist/docs')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const config = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: { composite: false, noEmit: true, lib: ['ES2024', 'DOM'] },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return texts.map((text, index) => {
    const file = join(folder, `example-${index}.ts`)
    writeFileSync(file, text)
    return file
  })
}

/** The lock file isn't prose: its checksums can contain any letters. */
function isText(path: string): boolean {
  return /\.(md|ts|tsx|js|json|ya?ml|css|html|svg)$|^[^.]+$|^\.ci\/run$/.test(path) && path !== 'package-lock.json'
}
