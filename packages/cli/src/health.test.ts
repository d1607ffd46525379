import { describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const portOf = (url: string) => new URL(url).port

describe('hallpass health', () => {
  test('asks the server of this host and prints its answer, without a key', async () => {
    const { url, requests } = await startRecordingServer({ body: '{"status":"ready"}' })
    const env = { HALLPASS_HOST: '0.0.0.0', HALLPASS_PORT: portOf(url), HALLPASS_API_KEY: 'sk_test_acme' }
    expect(await hallpass(['health'], { env })).toEqual({ exitCode: 0, stdout: '{"status":"ready"}\n', stderr: '' })
    expect(requests).toMatchObject([{ method: 'GET', target: '/health/ready' }])
    expect(requests[0]?.headers).not.toHaveProperty('authorization')
  })

  test.each([
    ['--base-url', ['--base-url'], {}],
    ['HALLPASS_BASE_URL', [], { HALLPASS_PORT: '1' }],
  ] as const)('asks the server that %s names, and with --live only whether it responds', async (_, flags, env) => {
    const { url, requests } = await startRecordingServer({ body: '{"status":"live"}' })
    const argv = ['health', '--live', ...flags.flatMap((flag) => [flag, url])]
    const { exitCode } = await hallpass(argv, {
      env: { ...env, ...(flags.length === 0 && { HALLPASS_BASE_URL: url }) },
    })
    expect({ exitCode, targets: requests.map(({ target }) => target) }).toEqual({
      exitCode: 0,
      targets: ['/health/live'],
    })
  })

  test.each<[host: string | undefined, port: string | undefined, asked: string]>([
    [undefined, undefined, 'http://127.0.0.1:8787/health/ready'],
    ['::', '9000', 'http://127.0.0.1:9000/health/ready'],
    ['10.0.0.7', 'tcp://10.43.0.17:8787', 'http://10.0.0.7:8787/health/ready'],
    ['::1', '9000', 'http://[::1]:9000/health/ready'],
  ])('with the host %s and the port %s it asks %s', async (HALLPASS_HOST, HALLPASS_PORT, asked) => {
    const urls: string[] = []
    const onRequest = ({ url }: { url: string }) => {
      urls.push(url)
      throw new Error('not sent')
    }
    await hallpass(['health'], { env: { HALLPASS_HOST, HALLPASS_PORT }, onRequest })
    expect(urls).toEqual([asked])
  })

  test('exits with 1 if the server is not ready', async () => {
    const { url } = await startRecordingServer({ status: 503, body: '{"status":"not ready"}' })
    const { exitCode, stdout, stderr } = await hallpass(['health', '--base-url', url])
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toBe(`GET "${url}/health/ready": 503 {"status":"not ready"}\n`)
  })

  test('exits with 1 if the server does not respond in time, or is not there', async () => {
    const { url } = await startRecordingServer({ silent: true })
    const silent = await hallpass(['health', '--base-url', url, '--timeout', '0.1'])
    expect(silent).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no response within 0.1 s') })
    const missing = await hallpass(['health'], { env: { HALLPASS_PORT: '1' } })
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^GET "http:\/\/127\.0\.0\.1:1\//) })
  })
})
