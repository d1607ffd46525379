// A registry on this machine, with our packages as they would be published. Other packages come from npm's registry.
import { execFile, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const verdaccio = 'verdaccio@6.10.4'
const homes = ['contracts', 'client', 'server', 'cli']
const tools = { pnpm: 'pnpm@10.34.8', yarn: '@yarnpkg/cli-dist@4.18.1' }
/** A busy machine may need minutes. This only ends the wait for a process that hangs. */
export const mostMilliseconds = 600_000

/** npm waits for five minutes for a response that never comes. This retries after one. */
const patience = ['--fetch-timeout=60000', '--fetch-retries=5']

export const managers = ['npm', ...Object.keys(tools)]
const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const run = promisify(execFile)

/** Starts the registry in a folder and publishes our packages to it. `children` gets its process. */
export async function startRegistry(folder, children) {
  const home = join(folder, 'registry')
  await mkdir(home)
  // some mirrors of the registry don't have the tag that one of its dependencies asks for
  const overrides = { 'node-fetch': '2.7.0' }
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, overrides }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...patience, verdaccio], { cwd: home })
  const port = await freePort()
  const ours = { access: '$all', publish: '$all', unpublish: '$all' }
  const config = {
    storage: join(home, 'storage'),
    // by default, two responses that don't come take npm's registry away for five minutes
    uplinks: { npmjs: { url: 'https://registry.npmjs.org/', timeout: '60s', max_fails: 100, fail_timeout: '1s' } },
    packages: { hallpass: ours, '@hallpass/*': ours, '**': { access: '$all', proxy: 'npmjs' } },
    log: { type: 'file', path: join(home, 'log'), level: 'warn' },
  }
  await writeFile(join(home, 'config.yaml'), JSON.stringify(config))
  const script = join(home, 'node_modules/verdaccio/bin/verdaccio')
  const args = [script, '--config', join(home, 'config.yaml'), '--listen', `127.0.0.1:${port}`]
  const registry = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(registry)
  registry.once('exit', (code, signal) => {
    if (!registry.killed) process.stderr.write(`The local registry ended with ${signal ?? code}.\n`)
  })
  const url = `http://127.0.0.1:${port}`
  await untilServed(registry, `${url}/-/ping`)
  for (const name of homes) await publish(name, url, folder)
  return url
}

async function publish(name, registry, folder) {
  // npm requires a token, and this registry accepts any
  const userconfig = join(folder, 'npmrc')
  await writeFile(userconfig, `${registry.slice('http:'.length)}/:_authToken=anyone\n`)
  const options = ['--registry', registry, '--userconfig', userconfig, '--ignore-scripts', '--provenance=false']
  await run('npm', ['publish', ...options], { cwd: join(root, 'packages', name) })
}

/** The command of a package manager. pnpm and yarn are installed beside the project, so that their files aren't counted. */
export async function commandOf(manager, folder) {
  const tool = tools[manager]
  if (!tool) return ['npm']
  const home = join(folder, `${manager}-itself`)
  await mkdir(home)
  await writeFile(join(home, 'package.json'), '{"private":true}')
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...patience, tool], { cwd: home })
  return [process.execPath, join(home, 'node_modules/.bin', manager)]
}

/** npm passes its own settings to its children. */
export function cleanEnv() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|yarn_)/i.test(name)))
}

/** Waits until a process answers at an address. Fails as soon as the process ends, with what it wrote to stderr. */
export async function untilServed(child, url) {
  const command = child.spawnargs.join(' ')
  let errors = ''
  child.stderr?.on('data', (chunk) => (errors += chunk))
  const deadline = performance.now() + mostMilliseconds
  while (!(await isOk(url))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${command} ended:\n${errors}`)
    if (performance.now() > deadline) throw new Error(`${command} does not answer at ${url}:\n${errors}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const isOk = (url) =>
  fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

export function report(line) {
  process.stdout.write(`${line}\n`)
}
