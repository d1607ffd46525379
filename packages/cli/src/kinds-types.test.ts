import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KindDeclaration } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kindTypes } from './kinds/kind-types.js'
import { typeOfSchema } from './kinds/type-of-schema.js'
import { hallpass } from './testing/hallpass.js'

const examples = new URL('../../../examples/kinds/', import.meta.url).pathname
const [report, voice] = [`${examples}report-embed.json`, `${examples}voice-agent.json`]
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-kinds-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('hallpass kinds types', () => {
  test('prints the same text for the same declarations, in any order', async () => {
    const { stdout, exitCode } = await hallpass(['kinds', 'types', voice, report])
    expect(exitCode).toBe(0)
    expect(stdout).toContain("    'report-embed': {\n      form: 'jwt'\n      actions: 'view' | 'export'\n")
    expect(stdout.indexOf("'report-embed'")).toBeLessThan(stdout.indexOf("'voice-agent'"))
    expect((await hallpass(['kinds', 'types', report, voice])).stdout).toBe(stdout)
  })

  test('--check exits with 1 unless the file has that text', async () => {
    const file = join(folder, 'kinds.d.ts')
    const check = (...files: string[]) => hallpass(['kinds', 'types', ...files, '--check', file])
    expect(await check(report)).toMatchObject({ exitCode: 1, stderr: `hallpass: ${file} cannot be read.\n` })
    writeFileSync(file, (await hallpass(['kinds', 'types', report])).stdout)
    expect(await check(report)).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    const other = await check(report, voice)
    expect(other).toMatchObject({ exitCode: 1, stdout: '' })
    expect(other.stderr).toContain('is not up to date')
  })

  test('exits with 1 for a file that is no declaration', async () => {
    const file = join(folder, 'bad.json')
    writeFileSync(file, '{"name":"visitor"}')
    expect(await hallpass(['kinds', 'types', file])).toMatchObject({ exitCode: 1, stdout: '' })
  })

  test('a title or description can’t end its comment', () => {
    const claims = { type: 'object', properties: { a: { type: 'null', description: '*/ b:\n 1' } } }
    const declaration = {
      name: 'a-kind',
      title: '*/ evil()',
      form: 'jwt',
      ttl_seconds: { default: 60, max: 60 },
      claims,
    }
    const text = kindTypes([KindDeclaration.parse(declaration)])
    expect(text).toContain('/** *\\/ evil() */')
    expect(text).toContain('/** *\\/ b: 1 */')
    expect(text).toContain('actions: never')
  })
})

describe('the type of a schema', () => {
  test.each<[object, string]>([
    [{}, 'unknown'],
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ["it's", 1, true, null] }, "'it\\'s' | 1 | true | null"],
    [{ const: 'a\nb"' }, "'a\\nb\"'"],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, "readonly ('a' | 'b')[]"],
    [{ type: 'array', items: { type: 'array', items: { type: 'string' } } }, 'readonly (readonly string[])[]'],
    [{ type: 'object', additionalProperties: false }, 'Readonly<Record<string, never>>'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{\n  readonly [name: string]: number\n}'],
    [
      { type: 'object', properties: { 'a-b': {}, c: { type: 'number' } }, required: ['c'] },
      "{\n  readonly 'a-b'?: unknown\n  readonly c: number\n  readonly [name: string]: unknown\n}",
    ],
    [{ type: 'string', anyOf: [{ const: 'a' }, { minLength: 3 }] }, "'a' | string"],
    [
      {
        ...{
          type: 'object',
          additionalProperties: false,
          properties: { a: { type: 'string' }, b: { type: 'string' } },
        },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      '{\n  readonly a: string\n  readonly b?: string\n} | {\n  readonly a?: string\n  readonly b: string\n}',
    ],
  ])('%j', (schema, type) => {
    expect(typeOfSchema(schema, '')).toBe(type)
  })
})
