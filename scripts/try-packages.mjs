// Publishes the packages to a registry on this machine and installs them by name, as a stranger would:
// `npm run try-packages`, after `npm run build`, on Node 22 or later. It uses npm, and pnpm and yarn if `--all` is given, each in an empty
// folder, starts `hallpass serve` there and mints a guest session. It fails if the install is too large or runs a script.
import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const verdaccio = 'verdaccio@6.10.4'
const managers = { npm: [], pnpm: ['pnpm@10.34.8'], yarn: ['@yarnpkg/cli-dist@4.18.1'] }
const homes = ['contracts', 'client', 'server', 'cli']
const mostBytes = 60e6
const mostPackages = 80
const startMilliseconds = 60_000

const ownFixture = {
  accounts: [
    {
      id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
      name: 'Shop',
      tenant: '2_3',
      environment: 'sandbox',
      api_keys: [{ name: 'backend', secret: 'sk_test_shop_backend', scopes: ['*'] }],
      client_keys: [
        {
          name: 'shop',
          client_key: 'pk_test_shop',
          origin_allowlist: ['localhost:*'],
          agent: { id: 'agent_1', display_name: 'Ada' },
          branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
          copy: { greeting: 'Hi!', launcher_label: 'Chat' },
        },
      ],
    },
  ],
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'hallpass-packages-'))
const children = []
try {
  const registry = await startRegistry()
  for (const home of homes) await publish(home, registry)
  const chosen = process.argv.includes('--all') ? Object.keys(managers) : ['npm']
  for (const manager of chosen) await tryManager(manager, registry)
} finally {
  for (const child of children) child.kill()
  await rm(folder, { recursive: true, force: true })
}

/** Other packages come from npm's registry. */
async function startRegistry() {
  const home = join(folder, 'registry')
  await mkdir(home)
  // some mirrors of the registry don't have the tag that one of its dependencies asks for
  const overrides = { 'node-fetch': '2.7.0' }
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, overrides }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', verdaccio], { cwd: home })
  const port = await freePort()
  const ours = { access: '$all', publish: '$all', unpublish: '$all' }
  const config = {
    storage: join(home, 'storage'),
    uplinks: { npmjs: { url: 'https://registry.npmjs.org/' } },
    packages: { hallpass: ours, '@hallpass/*': ours, '**': { access: '$all', proxy: 'npmjs' } },
    log: { type: 'file', path: join(home, 'log'), level: 'warn' },
  }
  await writeFile(join(home, 'config.yaml'), JSON.stringify(config))
  const script = join(home, 'node_modules/verdaccio/bin/verdaccio')
  const child = spawn(
    process.execPath,
    [script, '--config', join(home, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
    {
      stdio: 'ignore',
    },
  )
  children.push(child)
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/-/ping`)).ok)
  return url
}

async function publish(home, registry) {
  const place = join(root, 'packages', home)
  // npm requires a token, and this registry accepts any
  const userconfig = join(folder, 'npmrc')
  await writeFile(userconfig, `${registry.slice('http:'.length)}/:_authToken=anyone\n`)
  const options = ['--registry', registry, '--userconfig', userconfig, '--ignore-scripts', '--provenance=false']
  await run('npm', ['publish', ...options], { cwd: place })
}

/** An empty folder, one install by name, one command, one session. */
async function tryManager(manager, registry) {
  const project = join(folder, manager)
  await mkdir(project)
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'shop', private: true }))
  await writeFile(join(project, '.npmrc'), `registry=${registry}\n`)
  await writeFile(
    join(project, '.yarnrc.yml'),
    // yarn waits for days before it installs a new version
    `npmRegistryServer: ${registry}\nunsafeHttpWhitelist: ["127.0.0.1"]\nnodeLinker: node-modules\nenableTelemetry: false\nnpmMinimalAgeGate: 0\n`,
  )
  const [tool] = managers[manager]
  const command = await commandOf(manager, tool)
  const began = performance.now()
  const asked = ['hallpass', ...(process.getBuiltinModule('node:sqlite') ? [] : ['better-sqlite3@12'])]
  await run(command[0], [...command.slice(1), ...addOf(manager), ...asked], { cwd: project, env: cleanEnv() })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const { bytes, names, scripts } = await measure(join(project, 'node_modules'))
  report(`${manager}: ${names.size} packages, ${(bytes / 1e6).toFixed(1)} MB, installed in ${seconds} s`)
  if (process.getBuiltinModule('node:sqlite')) {
    if (names.size > mostPackages || bytes > mostBytes) throw new Error('the install is too large')
    if (scripts.length > 0) throw new Error(`these packages run install scripts: ${scripts.join(', ')}`)
  }
  await mintGuest(project, manager)
}

function addOf(manager) {
  return manager === 'npm' ? ['install', '--no-audit', '--no-fund'] : ['add']
}

/** pnpm and yarn are installed beside the project, so that their own files aren't counted. */
async function commandOf(manager, tool) {
  if (!tool) return ['npm']
  const home = join(folder, `${manager}-itself`)
  await mkdir(home)
  await writeFile(join(home, 'package.json'), '{"private":true}')
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', tool], { cwd: home })
  return [process.execPath, join(home, 'node_modules/.bin', manager)]
}

/** npm passes its own settings to its children. */
function cleanEnv() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|yarn_)/i.test(name)))
}

async function mintGuest(project, manager) {
  const port = await freePort()
  const fixture = join(project, 'fixture.json')
  await writeFile(fixture, JSON.stringify(ownFixture))
  const script = join(project, 'node_modules/hallpass/bin/hallpass.js')
  const args = [script, 'serve', '--port', String(port), '--fixture', fixture, '--log-level', 'error']
  const server = spawn(process.execPath, args, { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(server)
  let errors = ''
  server.stderr.on('data', (chunk) => (errors += chunk))
  const url = `http://127.0.0.1:${port}`
  try {
    await until(async () => (await fetch(`${url}/health/ready`)).ok)
    const response = await fetch(`${url}/api/v1/widget/auth/guest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'http://localhost:8080' },
      body: JSON.stringify({ client_key: 'pk_test_shop' }),
    })
    const { token } = await response.json()
    if (response.status !== 200 || !token) throw new Error(`a guest session was refused with ${response.status}`)
    report(`${manager}: a guest session was minted`)
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${errors}`)
  } finally {
    server.kill()
  }
}

/** Bytes, packages and packages with install scripts below a folder. Links are not followed. */
async function measure(place) {
  const found = { bytes: 0, names: new Set(), scripts: [] }
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.bytes += (await stat(path)).size
    if (entry.name !== 'package.json' || !/node_modules\/(@[^/]+\/)?[^/]+$/.test(entry.parentPath)) continue
    const { name, version, scripts = {} } = JSON.parse(await readFile(path, 'utf8'))
    found.names.add(`${name}@${version}`)
    if (scripts.preinstall || scripts.install || scripts.postinstall) found.scripts.push(name)
  }
  return found
}

async function until(isTrue) {
  const deadline = performance.now() + startMilliseconds
  while (!(await isTrue().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('a server did not start in time')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function report(line) {
  process.stdout.write(`${line}\n`)
}
