import { type Operation, operations } from '@hallpass/contracts'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { commandNameOf, toKebabCase } from './command-name.js'
import { addGlobalFlags } from './globals.js'
import { exampleOf } from './manifest/example.js'
import { fieldsOf } from './manifest/fields.js'
import { headerFlagsOf } from './manifest/header-flags.js'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const all = Object.values<Operation>(operations)
const nameOf = ({ id }: Operation) => Object.values(commandNameOf(id)).join(' ')
const named = all.map((operation) => [nameOf(operation), operation] as const)

describe('commands', () => {
  test.each([
    ['bridge.initialize', 'bridge initialize'],
    ['visitor.userToken', 'visitor user-token'],
    ['card.widgetToken', 'cards widget-token'],
    ['tokens.redeem', 'tokens redeem'],
    ['admin.apiKeys.create', 'api-keys create'],
    ['admin.signingKeys.rotate', 'signing-keys rotate'],
  ])('%s is `%s`', (id, words) => {
    expect(Object.values(commandNameOf(id)).join(' ')).toBe(words)
  })

  test('every operation has its own command, different from local commands', () => {
    const names = all.map(nameOf)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => /^(serve|completion) /.test(name))).toEqual([])
  })

  test.each(named)('every flag of `%s` has its own name, different from global flags', (_, operation) => {
    const globals = new Command()
    addGlobalFlags(globals)
    const names = [
      ...globals.options.map(({ long = '' }) => long.replace(/^--(no-)?/, '')),
      ...['help', 'version', 'stdin', 'no-color'],
      ...fieldsOf(operation).map(({ flag }) => flag),
      ...headerFlagsOf(operation).map(({ flag }) => flag),
    ]
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
  })
})

describe('help', () => {
  test.each(named)('`%s --help` lists every flag, every value and an example', async (name, operation) => {
    const { stdout, exitCode, stderr } = await hallpass([...name.split(' '), '--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain(operation.description)
    for (const { flag, values = [], description = '' } of fieldsOf(operation)) {
      expect(stdout).toContain(`  --${flag} `)
      expect(stdout).toContain(description)
      for (const value of values) expect(stdout).toContain(`"${value}"`)
    }
    for (const { flag } of headerFlagsOf(operation)) expect(stdout).toContain(`  --${flag} `)
    for (const flag of ['--api-key', '--base-url', '--format', '--transform', '--debug']) expect(stdout).toContain(flag)
    expect(stdout).toContain(`Example:\n${exampleOf(operation)}`)
  })

  test.each(named)('the example of `%s` works when pasted', async (_, operation) => {
    const { url, requests } = await startRecordingServer({ body: '{}' })
    const [, ...argv] = wordsOf(exampleOf(operation))
    expect(await hallpass([...argv, '--base-url', url])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(requests).toHaveLength(1)
  })

  test('the help of bridge initialize shows the documented example', async () => {
    const { stdout } = await hallpass(['bridge', 'initialize', '--help'])
    expect(stdout).toContain(`  hallpass bridge initialize \\
    --api-key 'My API Key' \\
    --customer-id 182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e\n`)
  })

  test('shows --idempotency-key and --straddle-account-id only for operations that support them', async () => {
    expect((await hallpass(['bridge', 'initialize', '--help'])).stdout).toContain('--idempotency-key')
    expect((await hallpass(['visitor', 'user-token', '--help'])).stdout).not.toContain('--idempotency-key')
    expect((await hallpass(['visitor', 'guest', '--help'])).stdout).not.toContain('--straddle-account-id')
  })

  test('the help of the program lists resources, and that of a resource its commands', async () => {
    const program = await hallpass(['--help'])
    for (const { id } of all) expect(program.stdout).toContain(`  ${commandNameOf(id).resource} `)
    expect(program.stdout).toContain('  serve ')
    expect((await hallpass(['visitor', '--help'])).stdout).toMatch(/user-token +Mint a logged-in visitor JWT/)
  })
})

describe('mistakes', () => {
  test.each([
    [
      ['brige', 'initialize', '--customer-id', 'x'],
      "Unknown command 'brige'.\n(Did you mean bridge?)\nRun 'hallpass --help' for usage.\n",
    ],
    [
      ['bridge', 'initialise'],
      "Unknown command 'initialise'.\n(Did you mean initialize?)\nRun 'hallpass bridge --help' for usage.\n",
    ],
    [
      ['bridge', 'initialize', '--custmer-id', 'x'],
      "Unknown option '--custmer-id'.\n(Did you mean --customer-id?)\nRun 'hallpass bridge initialize --help' for usage.\n",
    ],
    [
      ['bridge', 'initialize', '--api-kye', 'x'],
      "Unknown option '--api-kye'.\n(Did you mean --api-key?)\nRun 'hallpass bridge initialize --help' for usage.\n",
    ],
  ])('%j prints a suggestion', async (argv, stderr) => {
    expect(await hallpass(argv)).toEqual({ exitCode: 1, stdout: '', stderr })
  })

  test.each([
    [['bridge', 'initialize', 'extra']],
    [['bridge', 'initialize', '--customer-id']],
    [['completion', 'tcsh']],
    [[]],
  ])('%j is rejected', async (argv) => {
    const { exitCode, stdout, stderr } = await hallpass(argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).not.toBe('')
  })
})

test('--version prints the version', async () => {
  expect(await hallpass(['--version'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
  })
})

test('names are converted to kebab case', () => {
  expect(['customer_id', 'userToken', 'apiKeys', 'kid'].map(toKebabCase)).toEqual([
    'customer-id',
    'user-token',
    'api-keys',
    'kid',
  ])
})

/** The words of a pasted example, with lines joined and single quotes removed. */
function wordsOf(example: string): string[] {
  const line = example.replaceAll('\\\n', ' ')
  return [...line.matchAll(/'([^']*)'|[^\s']+/g)].map(([word, quoted]) => quoted ?? word)
}
