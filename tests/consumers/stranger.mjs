// Plays a stranger: an empty folder, the packages by name, a page of their own, and a guest session in a real browser:
// `npm run stranger`, after `npm run build`, on Node 22.16 or later. It types the commands of docs/quickstart.md with npm,
// pnpm and yarn, with empty caches, and prints each of them with its seconds. It fails if a session takes over 6 commands.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import {
  cleanEnv,
  commandOf,
  freePort,
  managers,
  mostMilliseconds,
  report,
  startRegistry,
  untilServed,
} from '../../scripts/local-registry.mjs'

const mostCommands = 6
/** How each package manager runs a package that isn't installed. */
const runners = { npm: 'npx', pnpm: 'pnpm dlx', yarn: 'yarn dlx' }

const folder = await mkdtemp(join(tmpdir(), 'hallpass-stranger-'))
const children = []
try {
  const registry = await startRegistry(folder, children)
  const browser = await launch()
  const chosen = process.argv.slice(2)
  for (const manager of managers.filter((name) => chosen.length === 0 || chosen.includes(name))) {
    await play(manager, registry, browser)
  }
  await browser.close()
} finally {
  for (const child of children) stop(child)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function play(manager, registry, browser) {
  const env = await settingsOf(manager, registry)
  const command = manager === 'npm' ? 'npx --yes' : `${(await commandOf(manager, folder)).join(' ')} dlx`
  const home = join(folder, `${manager}-home`)
  await mkdir(home)
  const shop = join(home, 'shop')
  const typed = []
  const began = performance.now()
  const type = async (shown, work) => {
    const from = performance.now()
    const result = await work()
    typed.push(`  ${((performance.now() - from) / 1_000).toFixed(1).padStart(5)} s  ${shown}`)
    return result
  }
  await type('mkdir shop && cd shop', () => mkdir(shop))
  const [dev, printed] = await type(`${runners[manager]} hallpass dev`, () =>
    startDev(`${command} hallpass dev`, shop, env),
  )
  const tag = /<script[\s\S]*<\/script>/.exec(printed)?.[0]
  if (!tag) throw new Error(`hallpass dev printed no script tag:\n${printed}`)
  await type('(paste the script tag into index.html)', () =>
    writeFile(join(shop, 'index.html'), `<!doctype html><title>My shop</title><h1>My shop</h1>\n${tag}\n`),
  )
  const port = await freePort()
  const site = await type('python3 -m http.server 3000', () => serveFolder(shop, port))
  const visitor = await type('(open http://localhost:3000)', () => openPage(browser, `http://localhost:${port}/`))
  for (const child of [dev, site]) stop(child)
  const commands = typed.filter((line) => !line.includes('(')).length + 1
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  report(`${manager}: a guest session (${visitor}) after ${commands} commands and ${seconds} s`)
  for (const line of typed) report(line)
  if (commands > mostCommands) throw new Error(`${manager} took ${commands} commands`)
}

/** The stranger's registry is npm's, so its address is set beside the commands. Every cache is empty. */
async function settingsOf(manager, registry) {
  const cache = join(folder, `${manager}-cache`)
  await mkdir(cache)
  return {
    ...cleanEnv(),
    HOME: cache,
    XDG_CACHE_HOME: cache,
    XDG_DATA_HOME: cache,
    npm_config_registry: registry,
    npm_config_cache: cache,
    npm_config_store_dir: cache,
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_GLOBAL_FOLDER: cache,
    // yarn waits for days before it installs a new version
    YARN_NPM_MINIMAL_AGE_GATE: '0',
  }
}

/** Runs `hallpass dev` until it has printed what to paste. */
function startDev(command, cwd, env) {
  const child = spawn(command, { cwd, env, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let text = ''
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${command} ended:\n${text}${errors}`)))
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('Ctrl-C')) resolve([child, text])
    })
  })
}

async function serveFolder(cwd, port) {
  const args = ['-m', 'http.server', String(port), '--bind', '127.0.0.1']
  const child = spawn('python3', args, { cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(child)
  await untilServed(child, `http://127.0.0.1:${port}/`)
  return child
}

/** Opens the page and waits for the widget. Returns what the widget shows of its visitor. */
async function openPage(browser, url) {
  const page = await browser.newPage()
  page.setDefaultTimeout(mostMilliseconds)
  await page.goto(url)
  const line = page.frameLocator('iframe').getByText(/^You are a guest: /)
  await line.waitFor()
  const text = await line.textContent()
  await page.close()
  return text
}

async function launch() {
  // makes the package unpack its system libraries too, which may be missing on this machine
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  packaged.setGraphicsMode = false
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    env: { ...process.env },
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
}

/** The package managers run commands in processes of their own. */
function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
