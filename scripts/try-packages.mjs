// Publishes the packages to a registry on this machine and installs them by name, as a stranger would:
// `npm run try-packages`, after `npm run build`, on Node 22 or later. It uses npm, and pnpm and yarn if `--all` is given, each in an empty
// folder, starts `hallpass serve` there and mints a guest session. It fails if the install is too large or runs a script.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanEnv, commandOf, freePort, managers, report, run, startRegistry, untilServed } from './local-registry.mjs'

const mostBytes = 60e6
const mostPackages = 80

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

const folder = await mkdtemp(join(tmpdir(), 'hallpass-packages-'))
const children = []
try {
  const registry = await startRegistry(folder, children)
  const chosen = process.argv.includes('--all') ? managers : ['npm']
  for (const manager of chosen) await tryManager(manager, registry)
} finally {
  for (const child of children) child.kill()
  await rm(folder, { recursive: true, force: true })
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
  const command = await commandOf(manager, folder)
  // yarn remembers for each name where its package was, so from a registry of an earlier run too
  const env = { ...cleanEnv(), YARN_GLOBAL_FOLDER: join(folder, 'yarn-cache') }
  const began = performance.now()
  const asked = ['hallpass', ...(process.getBuiltinModule('node:sqlite') ? [] : ['better-sqlite3@12'])]
  await run(command[0], [...command.slice(1), ...addOf(manager), ...asked], { cwd: project, env })
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

async function mintGuest(project, manager) {
  const port = await freePort()
  const fixture = join(project, 'fixture.json')
  await writeFile(fixture, JSON.stringify(ownFixture))
  const script = join(project, 'node_modules/hallpass/bin/hallpass.js')
  const args = [script, 'serve', '--port', String(port), '--fixture', fixture, '--log-level', 'error']
  const server = spawn(process.execPath, args, { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(server)
  const url = `http://127.0.0.1:${port}`
  try {
    await untilServed(server, `${url}/health/ready`)
    const response = await fetch(`${url}/api/v1/widget/auth/guest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'http://localhost:8080' },
      body: JSON.stringify({ client_key: 'pk_test_shop' }),
    })
    const { token } = await response.json()
    if (response.status !== 200 || !token) throw new Error(`a guest session was refused with ${response.status}`)
    report(`${manager}: a guest session was minted`)
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
