import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands, type Driver, until } from './webdriver.js'

/** Firefox's names for what `network.cookie.cookieBehavior` can be. */
export const cookieSettings = { 'total cookie protection': 5, 'third parties blocked': 1, 'all blocked': 2 } as const

/** Starts Debian's Firefox with an empty profile. Its protocol Marionette has the commands of WebDriver. */
export async function startFirefox(cookies: keyof typeof cookieSettings): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), 'hallpass-firefox-'))
  const preferences = {
    'marionette.port': 0,
    'network.cookie.cookieBehavior': cookieSettings[cookies],
    // requests of its own, which no test needs
    'app.normandy.enabled': false,
    'services.settings.server': 'data:,',
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  }
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`)
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const options = ['--headless', '--marionette', '--no-remote', '--profile', profile]
  const child = spawn('firefox-esr', options, { stdio: 'ignore', env: { ...process.env, HOME: profile } })
  const exited = once(child, 'exit')
  const port = await until(async () => Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8')))
  const socket = connect(port, '127.0.0.1')
  const call = await marionetteOf(socket)
  await call('WebDriver:NewSession', { capabilities: {} })
  return {
    send: async (command, parameters) => {
      const result = await call(commands[command].marionette, parameters)
      return isValue(result) ? result.value : result
    },
    async stop() {
      socket.destroy()
      child.kill()
      await exited
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const isValue = (result: unknown): result is { readonly value: unknown } =>
  typeof result === 'object' && result !== null && 'value' in result

type Response = readonly [type: 1, id: number, error: { error: string; message: string } | null, result: unknown]

/** Messages are JSON texts, after their length and a colon. */
async function marionetteOf(socket: Socket) {
  let received = Buffer.alloc(0)
  let last = 0
  const waiting = new Map<number, (response: Response) => void>()
  const nextMessage = (): unknown => {
    const colon = received.indexOf(':')
    const end = colon + 1 + Number(received.subarray(0, colon))
    if (colon < 0 || received.length < end) return undefined
    const message = JSON.parse(received.toString('utf8', colon + 1, end))
    received = received.subarray(end)
    return message
  }
  const greeted = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      for (let message = nextMessage(); message; message = nextMessage()) {
        if (Array.isArray(message)) waiting.get(message[1])?.(message as unknown as Response)
        else resolve()
      }
    })
  })
  await greeted
  return async (name: string, parameters: object = {}): Promise<unknown> => {
    last += 1
    const id = last
    const text = JSON.stringify([0, id, name, parameters])
    socket.write(`${Buffer.byteLength(text)}:${text}`)
    const [, , error, result] = await new Promise<Response>((resolve) => waiting.set(id, resolve))
    waiting.delete(id)
    if (error) throw new Error(`${name}: ${error.error}: ${error.message}`)
    return result
  }
}
