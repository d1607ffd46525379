import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../support/free-port.js'
import { commands, type Driver, until } from './webdriver.js'

/** Starts WebKitGTK's MiniBrowser with an empty profile on a display of its own. */
export async function startWebKit(): Promise<Driver> {
  const home = await mkdtemp(join(tmpdir(), 'hallpass-webkit-'))
  const display = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [number] = await once(display.stdio[3] as NodeJS.ReadableStream, 'data')
  const port = await freePort()
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: home,
      DISPLAY: `:${String(number).trim()}`,
      // its sandbox needs rights that containers don't have
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  })
  const call = callerOf(`http://127.0.0.1:${port}/session`)
  const { sessionId } = (await until(() => call('POST', '', { capabilities: {} }))) as { sessionId: string }
  return {
    send: (command, parameters = {}) => {
      const { method, path } = commands[command]
      return call(method, `/${sessionId}${path}`, method === 'POST' ? parameters : undefined)
    },
    async stop() {
      await call('DELETE', `/${sessionId}`)
      await end(driver)
      await end(display)
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function callerOf(url: string) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(url + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
    const { value } = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`)
    return value
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill()
  await exited
}
