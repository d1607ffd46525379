import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readGlobals } from './read-globals.js'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const stdout = { write: () => {}, isTTY: false }
const read = (options: Record<string, unknown>, env: Record<string, string> = {}) =>
  readGlobals(options, { env, stdout })

describe('readGlobals', () => {
  test('returns the defaults', () => {
    expect(read({})).toMatchObject({
      apiKey: undefined,
      baseUrl: 'http://127.0.0.1:8787',
      format: 'auto',
      timeoutSeconds: 60,
    })
  })

  test('a flag overrides HALLPASS_*, which overrides STRADDLE_*, and empty variables are ignored', () => {
    const straddle = { STRADDLE_API_KEY: 's', STRADDLE_BASE_URL: 'http://s.test' }
    const both = { ...straddle, HALLPASS_API_KEY: 'h', HALLPASS_BASE_URL: 'http://h.test' }
    expect(read({}, straddle)).toMatchObject({ apiKey: 's', baseUrl: 'http://s.test', apiKeyByFlag: false })
    expect(read({}, both)).toMatchObject({ apiKey: 'h', baseUrl: 'http://h.test' })
    expect(read({}, { ...both, HALLPASS_API_KEY: '' })).toMatchObject({ apiKey: 's' })
    expect(read({ apiKey: 'f', baseUrl: 'http://f.test/prefix/' }, both)).toMatchObject({
      apiKey: 'f',
      apiKeyByFlag: true,
      baseUrl: 'http://f.test/prefix',
    })
  })

  test.each([
    [{ baseUrl: 'localhost:8787' }, '--base-url'],
    [{ baseUrl: 'ftp://h.test' }, '--base-url'],
    [{ baseUrl: 'http://user:secret@h.test' }, '--base-url'],
    [{ baseUrl: 'http://h.test/?a=b' }, '--base-url'],
    [{ baseUrl: '' }, '--base-url'],
    [{ apiKey: ' k' }, '--api-key'],
    [{ apiKey: 'k\n' }, '--api-key'],
    [{ apiKey: 'ключ' }, '--api-key'],
    [{ apiKey: 'k'.repeat(201) }, '--api-key'],
    [{ format: 'xml' }, '--format must be one of auto, json, jsonl, pretty, raw, yaml'],
    [{ formatError: 'xml' }, '--format-error must be one of'],
    [{ timeout: '0' }, '--timeout'],
    [{ timeout: '' }, '--timeout'],
    [{ timeout: 'soon' }, '--timeout'],
    [{ timeout: '86401' }, '--timeout'],
  ])('rejects %j', (options, line) => {
    expect(() => read(options)).toThrow(line)
  })
})

describe('global flags', () => {
  const id = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
  const call = ['tokens', 'introspect', '--token', 't']

  test.each([['before'], ['after']])('can be placed %s the command', async (place) => {
    const { url, requests } = await startRecordingServer({ body: '{"active":false}' })
    const globals = ['--api-key', 'k', '--base-url', url, '--format=jsonl']
    const argv = place === 'before' ? [...globals, ...call] : [...call, ...globals]
    expect((await hallpass(argv)).stdout).toBe('{"active":false}\n')
    expect(requests[0]?.headers.authorization).toBe('Bearer k')
  })

  test('warns about a key on the command line, but only on a terminal', async () => {
    const { url } = await startRecordingServer({ body: '{}' })
    const byFlag = ['bridge', 'initialize', '--customer-id', id, '--base-url', url, '--api-key', 'sk_test_acme']
    const warning = 'warning: other users of this machine can see --api-key. Use HALLPASS_API_KEY instead.\n'
    expect((await hallpass(byFlag, { terminal: true })).stderr).toBe(warning)
    expect((await hallpass(byFlag)).stderr).toBe('')
    const env = { HALLPASS_API_KEY: 'sk_test_acme' }
    const byVariable = byFlag.slice(0, -2)
    expect((await hallpass(byVariable, { terminal: true, env })).stderr).toBe('')
  })

  test('warns about a token on the command line, but not about a file', async () => {
    const { url } = await startRecordingServer({ body: '{}' })
    const env = { HALLPASS_API_KEY: 'sk_test_acme', HALLPASS_BASE_URL: url }
    const warning = 'warning: other users of this machine can see --token. Use --token @file instead.\n'
    expect((await hallpass(call, { terminal: true, env })).stderr).toBe(warning)
    expect((await hallpass(call, { env })).stderr).toBe('')
    const ofFile = [...call.slice(0, -1), `@${fileURLToPath(import.meta.url)}`]
    expect((await hallpass(ofFile, { terminal: true, env })).stderr).toBe('')
  })
})
