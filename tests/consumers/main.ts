import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { packAll } from '../packages/support/pack.js'
import { type Project, projects } from './projects.js'

const run = promisify(execFile)

/**
 * Installs the packed packages from npm's cache or registry into projects of its users, and builds them.
 * `npm run test:consumers -- next` runs only the projects whose name contains `next`.
 */
const wanted = projects.filter(({ name }) => process.argv.slice(2).every((word) => name.includes(word)))
const folder = await mkdtemp(join(tmpdir(), 'hallpass-consumers-'))
const failed: string[] = []
try {
  const homes = ['contracts', 'client', 'server', 'cli'].map((name) => `packages/${name}`)
  const tarballs = (await packAll(homes, folder)).map(({ tarball }) => tarball)
  for (const [index, project] of wanted.entries()) {
    const problem = await build(project, join(folder, String(index)), tarballs)
    process.stdout.write(`${problem === undefined ? 'ok  ' : 'FAIL'} ${project.name}\n${problem ?? ''}`)
    if (problem !== undefined) failed.push(project.name)
    await rm(join(folder, String(index)), { recursive: true, force: true })
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.stdout.write(`${wanted.length - failed.length} of ${wanted.length} projects are as documented.\n`)
if (failed.length > 0) process.exitCode = 1

/** Installs and builds a project. Returns what went wrong. */
async function build(project: Project, cwd: string, tarballs: readonly string[]): Promise<string | undefined> {
  const { dependencies, packageJson, files, commands, prints } = project
  const manifest = { name: 'consumer', private: true, ...packageJson, dependencies }
  for (const [name, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    await mkdir(dirname(join(cwd, name)), { recursive: true })
    await writeFile(join(cwd, name), text)
  }
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...tarballs]
  const installed = await execute('npm', install, cwd)
  if (installed.code !== 0) return installed.text
  let last = installed
  for (const [command = '', ...args] of commands) {
    const isNode = command === 'node'
    last = await execute(isNode ? process.execPath : join(cwd, 'node_modules/.bin', command), args, cwd)
    if (last.code !== 0 && !prints) return last.text
  }
  return prints && !prints.test(last.text) ? last.text : undefined
}

async function execute(command: string, args: readonly string[], cwd: string): Promise<{ code: number; text: string }> {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1', NO_COLOR: '1' }
  try {
    const { stdout, stderr } = await run(command, args, { cwd, env, maxBuffer: 64_000_000 })
    return { code: 0, text: stdout + stderr }
  } catch (error) {
    // a process that exits with another code, or can't be started
    const { code, stdout = '', stderr = String(error) } = error as { code?: number; stdout?: string; stderr?: string }
    return { code: code ?? 1, text: `${stdout}${stderr}\n` }
  }
}
