import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

const root = new URL('../../../', import.meta.url).pathname
const declarations = ['examples/kinds', 'apps/demo/kinds'].flatMap((folder) =>
  readdirSync(root + folder).map((file) => `${folder}/${file}`),
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-kinds-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function check(declaration: object) {
  const file = join(folder, 'kind.json')
  writeFileSync(file, JSON.stringify(declaration))
  return hallpass(['kinds', 'check', file])
}

describe('hallpass kinds check', () => {
  test.each(declarations)('accepts %s, and prints it with its defaults', async (file) => {
    const { exitCode, stdout, stderr } = await hallpass(['kinds', 'check', root + file])
    expect([exitCode, stderr]).toEqual([0, ''])
    const written = JSON.parse(readFileSync(root + file, 'utf8'))
    expect(JSON.parse(stdout)).toEqual({
      uses: null,
      start_within_seconds: null,
      resource: 'none',
      minted_by: ['secret_key'],
      audience: written.name,
      ...written,
    })
  })

  test('the files in examples/kinds are those that the documentation describes', () => {
    const files = declarations.filter((file) => file.startsWith('examples/'))
    expect(files.map((file) => file.slice('examples/kinds/'.length)).sort()).toEqual([
      'report-embed.json',
      'table-widget.json',
      'voice-agent.json',
    ])
  })

  test('exits with 1 and one line for each problem', async () => {
    const declaration = {
      name: 'Visitor',
      form: 'jwt',
      ttl_seconds: { default: 600, max: 60 },
      claims: { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } },
    }
    const { exitCode, stdout, stderr } = await check(declaration)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr.trim().split('\n').sort()).toEqual([
      'hallpass: claims.properties.a.pattern is not an allowed keyword.',
      'hallpass: name must be 2 to 40 lower-case letters, digits and hyphens, and begin with a letter.',
      'hallpass: ttl_seconds.max must be at least the default.',
    ])
  })

  test('exits with 1 for rules between fields', async () => {
    const declaration = { name: 'a-kind', form: 'jwt', ttl_seconds: { default: 60, max: 60 } }
    expect(await check({ ...declaration, start_within_seconds: 30 })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('start_within_seconds needs uses'),
    })
    expect(await check({ ...declaration, typ: 'JWT' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('typ must not be JWT or at+jwt without an audience'),
    })
  })

  test('exits with 1 for a file that does not exist or is no JSON', async () => {
    const missing = join(folder, 'missing.json')
    expect(await hallpass(['kinds', 'check', missing])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `hallpass: ${missing} does not exist.\n`,
    })
    const broken = join(folder, 'broken.json')
    writeFileSync(broken, '{')
    expect((await hallpass(['kinds', 'check', broken])).exitCode).toBe(1)
  })
})
