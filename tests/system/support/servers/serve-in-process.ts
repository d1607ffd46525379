import { resolve } from 'node:path'
import { createServer, type HallpassServer, loadConfig, StartError } from '@hallpass/server'
import { expect } from 'vitest'
import type { Start } from './child-process.js'

/** Starts a server like `hallpass serve` does, but in this process, which is much faster. */
export async function startHere({ cwd, flags = {}, env = {} }: Start): Promise<HallpassServer> {
  const inFolder = (path: string | undefined) => path && resolve(cwd, path)
  // a flag would hide an invalid level in the environment
  const quiet = env.HALLPASS_LOG_LEVEL === undefined ? { 'log-level': 'silent' } : {}
  const config = loadConfig({ port: '0', ...quiet, ...flags }, env)
  const databaseUrl = config.databaseUrl.replace(/^file:(.+)$/, (_, path) => `file:${inFolder(path)}`)
  return createServer({ ...config, databaseUrl, fixture: inFolder(config.fixture) }, { noticeMilliseconds: 0 })
}

/** Expects a start to fail with one line for the operator. Returns it. */
export async function expectRefusedHere(start: Start): Promise<{ line: string }> {
  const refusal = await startHere(start).then(
    (server) => server.stop().then(() => undefined),
    (error: unknown) => error,
  )
  expect(refusal).toBeInstanceOf(StartError)
  // checked in the line above
  const { message: line } = refusal as StartError
  expect(line).toMatch(/^[^\n]{10,}$/)
  return { line }
}
