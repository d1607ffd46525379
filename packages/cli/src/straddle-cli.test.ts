import { describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const exampleLine = ['bridge', 'initialize', '--api-key', 'My API Key', '--customer-id', customer]

describe('hallpass bridge initialize', () => {
  test('the documented command prints the documented response, byte for byte', async () => {
    const { url } = await startRecordingServer()
    expect(await hallpass(exampleLine, { env: { HALLPASS_BASE_URL: url } })).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `{
  "data": {
    "bridge_token": "bridge_token"
  },
  "meta": {
    "api_request_id": "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e",
    "api_request_timestamp": "2019-12-27T18:11:19.117Z"
  },
  "response_type": "object"
}
`,
    })
  })

  test('the documented command sends its flags and nothing else', async () => {
    const { url, requests } = await startRecordingServer()
    await hallpass(exampleLine, { env: { HALLPASS_BASE_URL: url } })
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({
      method: 'POST',
      target: '/v1/bridge/initialize',
      body: JSON.stringify({ customer_id: customer }),
      headers: { authorization: 'Bearer My API Key', 'content-type': 'application/json' },
    })
    for (const header of ['idempotency-key', 'request-id', 'correlation-id', 'straddle-account-id', 'origin']) {
      expect(requests[0]?.headers).not.toHaveProperty(header)
    }
  })

  test('every documented flag is sent', async () => {
    const { url, requests } = await startRecordingServer()
    const flags = [
      ['--config', '{processing_method: background, sandbox_outcome: active}'],
      ['--external-id', '123'],
      ['--correlation-id', 'series 7'],
      ['--idempotency-key', 'order-1234567'],
      ['--request-id', 'request 9'],
      ['--straddle-account-id', '0f9b7c9e-0d34-4c55-a8f0-6f7a3a3f7a11'],
    ]
    const outcome = await hallpass([...exampleLine, ...flags.flat(), '--base-url', url])
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      customer_id: customer,
      config: { processing_method: 'background', sandbox_outcome: 'active' },
      // YAML would parse it as a number, but it stays text
      external_id: '123',
    })
    expect(requests[0]?.headers).toMatchObject({
      'correlation-id': 'series 7',
      'idempotency-key': 'order-1234567',
      'request-id': 'request 9',
      'straddle-account-id': '0f9b7c9e-0d34-4c55-a8f0-6f7a3a3f7a11',
    })
  })

  test.each([
    ['JSON', ['--config', '{"processing_method":"skip","sandbox_outcome":"review"}']],
    ['a flag for each member', ['--config.processing-method', 'skip', '--config.sandbox-outcome=review']],
    [
      'an object and a flag that overrides a member',
      ['--config.sandbox-outcome', 'review', '--config', '{processing_method: skip, sandbox_outcome: active}'],
    ],
  ])('config as %s', async (_, flags) => {
    const { url, requests } = await startRecordingServer()
    await hallpass([...exampleLine, ...flags, '--base-url', url])
    expect(JSON.parse(requests[0]?.body ?? '').config).toEqual({ processing_method: 'skip', sandbox_outcome: 'review' })
  })

  test('sends an empty external id', async () => {
    const { url, requests } = await startRecordingServer()
    await hallpass([...exampleLine, '--external-id', '', '--base-url', url])
    expect(JSON.parse(requests[0]?.body ?? '').external_id).toBe('')
  })

  test.each([
    [['--customer-id', 'ada'], '--customer-id must be a UUID.'],
    [['--config.processing-method', 'later'], '--config.processing-method must be one of inline, background, skip.'],
    [
      ['--config', '{sandbox_outcome: maybe}'],
      '--config.sandbox-outcome must be one of standard, active, rejected, review.',
    ],
    [['--config', '{color: red}'], '--config: color is not a known field.'],
    [['--config', 'inline'], '--config must be an object.'],
    [['--config', '{processing_method: [inline'], '--config is neither JSON nor YAML: '],
    [['--external-id', 'x'.repeat(256)], '--external-id must be at most 255 characters long.'],
    [['--idempotency-key', 'short'], '--idempotency-key must be 10 to 40 printable ASCII characters.'],
    [['--idempotency-key', 'ten characters '], '--idempotency-key must not begin or end with a space.'],
    [['--correlation-id', 'a\nb'], '--correlation-id must be 1 to 200 characters without control characters.'],
    [['--request-id', 'x'.repeat(201)], '--request-id must be 1 to 200 characters without control characters.'],
    [['--request-id', 'žluť'], '--request-id must be Latin-1 text without control characters.'],
    [['--straddle-account-id', 'acme'], '--straddle-account-id must be a UUID.'],
  ])('rejects %j before sending', async (flags, line) => {
    const { url, requests } = await startRecordingServer()
    const outcome = await hallpass([...exampleLine, ...flags, '--base-url', url])
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toContain(line)
    expect(outcome.stderr).toMatch(/\nRun 'hallpass bridge initialize --help' for usage.\n$/)
    expect(requests).toEqual([])
  })

  test('reports every invalid flag on its own line, without values', async () => {
    const { stderr } = await hallpass([
      ...exampleLine,
      '--customer-id',
      'ada',
      '--config.processing-method',
      'later',
      '--request-id',
      '',
    ])
    expect(stderr.split('\n')).toEqual([
      '--customer-id must be a UUID.',
      '--config.processing-method must be one of inline, background, skip.',
      '--request-id must be 1 to 200 characters without control characters.',
      "Run 'hallpass bridge initialize --help' for usage.",
      '',
    ])
  })

  test('names a missing flag and points to the help', async () => {
    const { url, requests } = await startRecordingServer()
    expect(await hallpass(['bridge', 'initialize', '--api-key', 'k'], { env: { HALLPASS_BASE_URL: url } })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Missing required flag --customer-id.\nRun 'hallpass bridge initialize --help' for usage.\n`,
    })
    expect(requests).toEqual([])
  })

  test('sends nothing without an API key', async () => {
    const { stderr, exitCode } = await hallpass(['bridge', 'initialize', '--customer-id', customer])
    expect(stderr).toMatch(/^Missing API key: set --api-key or HALLPASS_API_KEY\.\n/)
    expect(exitCode).toBe(1)
  })
})
