import { describe, expect, test } from 'vitest'
import { startRecordingServer } from './testing/recording-server.js'
import { startProcess as start } from './testing/start-process.js'

describe('hallpass in a separate process', { timeout: 30_000 }, () => {
  test('exits even if stdin is a pipe that stays open', async () => {
    const { url } = await startRecordingServer({ body: '{"active":false}' })
    const argv = ['tokens', 'introspect', '--token', 't', '--base-url', url, '--format', 'jsonl']
    const { ended } = start(argv, { HALLPASS_API_KEY: 'k' })
    expect(await ended).toEqual({ exitCode: 0, stdout: '{"active":false}\n', stderr: '' })
  })

  test('reads a piped body', async () => {
    const { url, requests } = await startRecordingServer({ body: '{"active":false}' })
    const { child, ended } = start(['tokens', 'introspect', '--base-url', url], { HALLPASS_API_KEY: 'k' })
    child.stdin.end('token: from-stdin\n')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(requests[0]?.body).toBe('token=from-stdin')
  })

  test('serve exits with 1 and one line if a setting is invalid', async () => {
    const { exitCode, stdout, stderr } = await start(['serve', '--port', 'http']).ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^hallpass: [^\n]*--port[^\n]*\n$/)
  })

  test('serve runs until it is stopped, and other commands can call it', async () => {
    const server = start(['serve', '--port', '0', '--database-url', ':memory:', '--log-level', 'silent'])
    await expect.poll(() => server.written.stdout).toMatch(/^hallpass listening on \S+\n$/)
    const url = server.written.stdout.trim().split(' ').at(-1) ?? ''
    const argv = [
      'bridge',
      'initialize',
      '--api-key',
      'My API Key',
      '--customer-id',
      '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
    ]
    const call = await start([...argv, '--base-url', url, '--transform-error', 'error.status']).ended
    expect(call).toEqual({
      exitCode: 1,
      stdout: '401\n',
      stderr: `POST "${url}/v1/bridge/initialize": 401 Unauthorized\n`,
    })
    server.child.kill('SIGTERM')
    expect((await server.ended).exitCode).toBe(0)
  })
})
