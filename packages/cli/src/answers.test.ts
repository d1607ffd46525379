import { createServer } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { hallpass, type Surroundings } from './testing/hallpass.js'
import { type Reply, startRecordingServer } from './testing/recording-server.js'

const answer = { data: [{ id: 'a', n: 1, on: true, none: null }, { id: 'b' }], next_cursor: 'x' }
const unauthorized: Reply = {
  status: 401,
  body: JSON.stringify({ error: { status: 401, type: '/unauthorized' }, response_type: 'error' }),
}

async function call(reply: Reply, flags: readonly string[] = [], surroundings: Surroundings = {}) {
  const { url } = await startRecordingServer(reply)
  const argv = ['tokens', 'introspect', '--token', 't', '--api-key', 'sk_test_acme', '--base-url', url, ...flags]
  return { url, ...(await hallpass(argv, surroundings)) }
}

const succeed = (flags: readonly string[], surroundings?: Surroundings) =>
  call({ body: JSON.stringify(answer) }, flags, surroundings)

describe('--format', () => {
  test.each(['auto', 'json', 'pretty'])('%s is indented JSON if stdout is not a terminal', async (format) => {
    expect((await succeed(['--format', format])).stdout).toBe(`${JSON.stringify(answer, null, 2)}\n`)
  })

  test('on a terminal, auto has colors and json has none', async () => {
    const { stdout } = await succeed([], { terminal: true })
    expect(stdout).toContain('\u001b[34m"id"\u001b[39m: \u001b[32m"a"\u001b[39m')
    expect(stdout).toContain('\u001b[33m1\u001b[39m')
    expect(stdout).toContain('\u001b[35mtrue\u001b[39m')
    expect(stripVTControlCharacters(stdout)).toBe(`${JSON.stringify(answer, null, 2)}\n`)
    expect((await succeed(['--format', 'json'], { terminal: true })).stdout).not.toContain('\u001b')
  })

  test.each([
    [['--no-color'], {}],
    [[], { NO_COLOR: '1' }],
    [[], { TERM: 'dumb' }],
  ])('no colors with %j %j', async (flags, env) => {
    expect((await succeed(flags, { terminal: true, env })).stdout).not.toContain('\u001b')
  })

  test('jsonl is one line, or one line for each item of a list', async () => {
    expect((await succeed(['--format', 'jsonl'])).stdout).toBe(`${JSON.stringify(answer)}\n`)
    const { stdout } = await succeed(['--format', 'jsonl', '--transform', 'data'])
    expect(stdout).toBe('{"id":"a","n":1,"on":true,"none":null}\n{"id":"b"}\n')
  })

  test('raw is the body exactly as received', async () => {
    const body = '{ "active" :false}'
    expect((await call({ body }, ['--format', 'raw'])).stdout).toBe(body)
  })

  test('yaml is a YAML document', async () => {
    expect((await succeed(['--format', 'yaml'])).stdout).toBe(
      'data:\n  - id: a\n    n: 1\n    on: true\n    none: null\n  - id: b\nnext_cursor: x\n',
    )
  })
})

describe('--transform', () => {
  test('prints the result of the query, and with raw a string without quotes', async () => {
    expect((await succeed(['--transform', 'data[].id'])).stdout).toBe('[\n  "a",\n  "b"\n]\n')
    expect((await succeed(['--transform', 'data[0].id', '--format', 'raw'])).stdout).toBe('a\n')
    expect((await succeed(['--transform', 'nothing'])).stdout).toBe('null\n')
  })

  test('an invalid query is rejected before anything is sent', async () => {
    const { url, requests } = await startRecordingServer()
    const argv = ['tokens', 'introspect', '--token', 't', '--api-key', 'k', '--base-url', url, '--transform', 'data[']
    const outcome = await hallpass(argv)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toMatch(
      /^--transform is not a valid JMESPath query: .+\nRun 'hallpass tokens introspect --help'/,
    )
    expect(requests).toEqual([])
  })

  test('if the query fails, the whole response is printed', async () => {
    const outcome = await succeed(['--transform', 'abs(next_cursor)'])
    expect(outcome).toMatchObject({ exitCode: 1, stdout: `${JSON.stringify(answer, null, 2)}\n` })
    expect(outcome.stderr).toMatch(/^--transform failed, so the whole response was printed: [^\n]+\n$/)
  })
})

describe('a refusal', () => {
  test('prints one line to stderr and the body to stdout, and exits with 1', async () => {
    const { url, ...outcome } = await call(unauthorized)
    expect(outcome).toEqual({
      exitCode: 1,
      stderr: `POST "${url}/oauth2/introspect": 401 Unauthorized\n`,
      stdout: `${JSON.stringify(JSON.parse(unauthorized.body ?? ''), null, 2)}\n`,
    })
  })

  test('uses --format-error and --transform-error', async () => {
    const flags = ['--format', 'jsonl', '--transform', 'data', '--format-error', 'yaml', '--transform-error', 'error']
    expect((await call(unauthorized, flags)).stdout).toBe('status: 401\ntype: /unauthorized\n')
  })

  test('in plain text is printed as is', async () => {
    const reply = {
      status: 403,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: 'Origin not in allowlist',
    }
    const { stdout, stderr, exitCode } = await call(reply, ['--transform-error', 'error'])
    expect({ stdout, exitCode }).toEqual({ stdout: 'Origin not in allowlist\n', exitCode: 1 })
    expect(stderr).toContain(': 403 Forbidden\n')
  })

  test('without a body prints nothing to stdout', async () => {
    expect(await call({ status: 502, headers: { 'Content-Type': 'text/html' } })).toMatchObject({
      stdout: '',
      exitCode: 1,
    })
  })

  test('a redirect is not followed, so the key is not sent elsewhere', async () => {
    const other = await startRecordingServer()
    const { stderr, exitCode } = await call({ status: 307, headers: { Location: `${other.url}/` }, body: '' })
    expect(stderr).toContain(': 307 Temporary Redirect\n')
    expect(exitCode).toBe(1)
    expect(other.requests).toEqual([])
  })
})

test('a 200 response that is not JSON is a failure', async () => {
  const { url, ...outcome } = await call({ headers: { 'Content-Type': 'text/html' }, body: '<p>hello</p>' })
  expect(outcome).toEqual({
    exitCode: 1,
    stdout: '<p>hello</p>\n',
    stderr: `POST "${url}/oauth2/introspect": 200 OK, but the response is not JSON. Does --base-url point to Hallpass?\n`,
  })
})

describe('without a response, one line on stderr says why', () => {
  test('connection refused', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`
    expect(await hallpass(['tokens', 'introspect', '--token', 't', '--api-key', 'k', '--base-url', url])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `POST "${url}/oauth2/introspect": connection refused; is the service running there? (ECONNREFUSED)\n`,
    })
  })

  test.each([
    ['http://127.0.0.1:6000', 'fetch blocks this port, which is reserved for another protocol'],
    ['http://nowhere.invalid', 'the host name '],
  ])('%s', async (url, why) => {
    const outcome = await hallpass(['tokens', 'introspect', '--token', 't', '--api-key', 'k', '--base-url', url])
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toContain(`POST "${url}/oauth2/introspect": ${why}`)
    expect(outcome.stderr).toMatch(/^[^\n]+\n$/)
  })

  test.each(['0.1', '0.1001'])('the timeout of %s s is over', async (timeout) => {
    const { url, ...outcome } = await call({ silent: true }, ['--timeout', timeout])
    const stderr = `POST "${url}/oauth2/introspect": no response within ${timeout} s\n`
    expect(outcome).toEqual({ exitCode: 1, stdout: '', stderr })
  })
})

/** A port that nothing listens on. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
