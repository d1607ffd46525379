import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/free-port.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { audience } from './prepare-tokens.js'
import { startTls, type Tls } from './start-tls.js'

/** How to run a recipe of `gateways`. */
export interface Gateway {
  readonly recipe: string
  /** The programs and modules that it needs. */
  readonly needs: readonly string[]
  readonly algorithms: readonly ('ES256' | 'RS256')[]
  /** Writes the configuration to a folder, and returns the command that runs it in the foreground. */
  readonly configure: (place: Place) => Command | Promise<Command>
}

type Command = readonly [program: string, ...args: string[]]

/** Where a gateway runs, and what it protects. */
export interface Place {
  readonly folder: string
  readonly issuer: string
  /** The issuer over HTTPS. */
  readonly tls: Tls
  readonly port: number
  readonly appPort: number
}

export const isInstalled = ({ needs }: Gateway) => needs.every((path) => existsSync(path))
const recipes = fileURLToPath(new URL('gateways/', import.meta.url))

/** A recipe with the addresses, files and times of a test. */
export function fillIn(recipe: string, place: Place, more: Readonly<Record<string, string>> = {}): string {
  const values = {
    ...more,
    '127.0.0.1:3000': `127.0.0.1:${place.appPort}`,
    'https://api.example.com': audience,
  }
  let text = readFileSync(join(recipes, recipe), 'utf8')
  for (const [from, to] of Object.entries(values)) {
    if (!text.includes(from)) throw new Error(`${recipe} does not have ${from}.`)
    text = text.replaceAll(from, to)
  }
  return text
}

export const copyRecipe = (recipe: string, { folder }: Place) =>
  copyFileSync(join(recipes, recipe), join(folder, recipe))
export const recipePath = (recipe: string) => join(recipes, recipe)
export const write = ({ folder }: Place, name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** A gateway in front of an app that shows the visitor and the account in its headers. */
export interface RunningGateway {
  readonly get: (headers: Record<string, string>) => Promise<Response>
  /** What it has written so far: its output, logs and cache. */
  readonly files: () => { readonly name: string; readonly content: string | Buffer }[]
  readonly stop: () => Promise<void>
}

export async function startGateway(gateway: Gateway, issuer: string): Promise<RunningGateway> {
  const app = createServer(({ headers }, response) => {
    response.end(JSON.stringify({ visitor: headers['x-visitor-id'], account: headers['x-account-id'] }))
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-gateway-'))
  mkdirSync(join(folder, 'cache'))
  // the gateway's workers run as another user
  execFileSync('chmod', ['-R', 'a+rwX', folder])
  const port = await freePort()
  const tls = await startTls(issuer)
  const place = { folder, issuer, tls, port, appPort: portOf(app.address()) }
  const [program, ...args] = await gateway.configure(place)
  const child = spawn(program, args, { env: { ...process.env, HALLPASS_SECRET_KEY: acme.key }, stdio: 'pipe' })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)))
  const get = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/`, { headers: { Connection: 'close', ...headers } })
  const stop = async () => {
    await end(child)
    tls.stop()
    app.closeAllConnections()
    app.close()
    rmSync(folder, { recursive: true, force: true })
  }
  await untilResponding(() => get({}), child).catch(async (error: unknown) => {
    await stop()
    throw new Error(`${gateway.recipe} did not start: ${output.join('')}`, { cause: error })
  })
  return { get, stop, files: () => [{ name: 'output', content: output.join('') }, ...filesIn(folder)] }
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => ({ name, content: readFileSync(join(parentPath, name)) }))

async function untilResponding(get: () => Promise<unknown>, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      await get()
      return
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

const portOf = (address: AddressInfo | string | null) => (typeof address === 'object' ? (address?.port ?? 0) : 0)
