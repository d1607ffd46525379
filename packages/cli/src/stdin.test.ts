import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'

async function initialize(stdin: string | PassThrough | 'open pipe', flags: readonly string[] = []) {
  const { url, requests } = await startRecordingServer()
  const env = { HALLPASS_BASE_URL: url, HALLPASS_API_KEY: 'sk_test_acme' }
  const outcome = await hallpass(['bridge', 'initialize', ...flags], { stdin, env })
  const [request] = requests
  return { ...outcome, body: request && JSON.parse(request.body) }
}

describe('a body on stdin', () => {
  test.each([
    ['JSON', `{"customer_id":"${customer}","config":{"processing_method":"skip"}}`],
    ['YAML', `customer_id: ${customer}\nconfig:\n  processing_method: skip\n`],
  ])('can be %s', async (_, stdin) => {
    expect((await initialize(stdin)).body).toEqual({ customer_id: customer, config: { processing_method: 'skip' } })
  })

  test('is overridden by flags', async () => {
    const stdin = `{customer_id: ${customer}, external_id: a, config: {processing_method: skip, sandbox_outcome: active}}`
    const { body } = await initialize(stdin, ['--external-id', 'b', '--config.processing-method', 'inline'])
    expect(body).toEqual({
      customer_id: customer,
      external_id: 'b',
      config: { processing_method: 'inline', sandbox_outcome: 'active' },
    })
  })

  test('can contain null', async () => {
    expect((await initialize(`{customer_id: ${customer}, external_id: null}`)).body.external_id).toBeNull()
  })

  test('is ignored if it is only white space', async () => {
    expect((await initialize(' \n', ['--customer-id', customer])).body).toEqual({ customer_id: customer })
  })

  test.each([
    [
      '[1, 2]',
      'The body on stdin must be one JSON or YAML object. If stdin is not meant for hallpass, add </dev/null.',
    ],
    ['{"a": ', 'The body on stdin is neither JSON nor YAML: '],
    ['{color: red}', 'color is not a known field.'],
    ['{config: {color: red}}', '--config: color is not a known field.'],
    ['{customer_id: 5}', '--customer-id must be a UUID.'],
    ['x'.repeat(1_048_577), 'The body on stdin is longer than 1 MiB.'],
  ])('%.20s is rejected before sending', async (stdin, line) => {
    const outcome = await initialize(stdin)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '', body: undefined })
    expect(outcome.stderr).toContain(line)
  })
})

describe('a pipe that stays open', () => {
  test('and silent does not delay a complete call', async () => {
    expect(await initialize('open pipe', ['--customer-id', customer])).toMatchObject({ exitCode: 0 })
  })

  test('and silent is given up after a second if a required flag is missing', async () => {
    const outcome = await initialize('open pipe')
    expect(outcome.stderr).toMatch(/^Missing required flag --customer-id\.\n/)
  })

  test('is read to its end once data has arrived', async () => {
    const stdin = new PassThrough()
    stdin.write('{"customer_id":')
    setTimeout(() => stdin.end(`"${customer}"}`), 600)
    expect((await initialize(stdin)).body).toEqual({ customer_id: customer })
  })

  test('must end within --timeout', async () => {
    const stdin = new PassThrough()
    stdin.write('{')
    const { stderr } = await initialize(stdin, ['--timeout', '0.1'])
    expect(stderr).toContain('The body on stdin did not end within 0.1 s.')
  })

  test('is awaited with --stdin', async () => {
    const stdin = new PassThrough()
    setTimeout(() => stdin.end('{external_id: late}'), 600)
    const { body } = await initialize(stdin, ['--stdin', '--customer-id', customer])
    expect(body).toEqual({ customer_id: customer, external_id: 'late' })
  })
})

test('an operation without a body does not read stdin', async () => {
  const { url, requests } = await startRecordingServer({ body: '{}' })
  const argv = ['visitor', 'config', '--client-key', 'pk_test_acme', '--base-url', url]
  const outcome = await hallpass(argv, { stdin: '{"client_key":"pk_other"}' })
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' })
  expect(requests[0]?.target).toBe('/api/v1/widget/config?client_key=pk_test_acme')
})
