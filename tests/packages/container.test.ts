import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readText, root } from '../rules/support/repository.js'
import { freePort } from '../support/free-port.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { sandboxFixture } from '../system/support/servers/child-process.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { assembleImage, type Image } from './support/assemble-image.js'

const soon = { timeout: 60_000, interval: 50 }
const containerfile = readText('deploy/Containerfile')

test('the Containerfile has no problems according to dockerfile-utils', () => {
  const problems = validate(containerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`)
  expect(problems).toEqual([])
})

/** Root can make a file system in which a process of another user can write nothing but its state. */
const canMount =
  process.getuid?.() === 0 &&
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

/** Node with its own SQLite, as in the image. Node 20 has none, so then another version comes from the registry. */
function nodeOfImage(): string | undefined {
  if (process.getBuiltinModule('node:sqlite')) return process.execPath
  const options = { encoding: 'utf8', timeout: 100_000 } as const
  const { status, stdout } = spawnSync(
    join(root, 'scripts/on-node.sh'),
    ['24', 'node', '-p', 'process.execPath'],
    options,
  )
  return status === 0 ? stdout.trim() : undefined
}
const node = canMount ? nodeOfImage() : undefined
if (node === undefined) process.stderr.write('Skipped: the image needs root, mounts and Node 22.16 or newer.\n')

describe.skipIf(node === undefined)('the image, assembled by its Containerfile and started in a chroot', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let image: Image
  let state: string
  beforeAll(async () => {
    folder = await temporaryFolder()
    chmodSync(folder.path, 0o755)
    const done = ['npm ci --ignore-scripts --no-audit --no-fund', 'npm run build']
    image = assembleImage(containerfile, { folder: folder.path, node: node ?? '', done })
    state = join(folder.path, 'state')
    mkdirSync(state)
    writeFileSync(join(state, 'fixture.json'), JSON.stringify(sandboxFixture))
    for (const path of [state, join(state, 'fixture.json')]) chownSync(path, 65_532, 65_532)
  })
  afterAll(() => folder.remove())

  /** Starts a process as a container engine would with `--read-only`, a volume and a tmpfs. */
  function start(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const places = [image.root, state, image.user.split(':')[0] ?? '', image.workdir]
    const child = spawn('unshare', ['--mount', 'bash', '-ec', enterImage, 'bash', ...places, ...command], {
      env: { PATH: process.env.PATH, ...image.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const written = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (written.stdout += chunk))
    child.stderr.on('data', (chunk) => (written.stderr += chunk))
    const ended = once(child, 'close').then(([code]: number[]) => ({ code, ...written }))
    return { child, written, ended }
  }

  test('its process runs as another user and can write nothing but the volume and /tmp', async () => {
    const places = ['/opt/hallpass/x', '/usr/local/bin/x', '/etc/x', '/x', '/tmp/x', '/var/lib/hallpass/x']
    const script = `const written = ${JSON.stringify(places)}.map((place) => {
      try { require('fs').writeFileSync(place, ''); return 'ok' } catch (error) { return error.code }
    })
    console.log(JSON.stringify([process.getuid(), process.getgid(), process.getgroups(), written]))`
    const { stdout, stderr } = await start([image.entrypoint[0] ?? '', '-e', script]).ended
    expect(JSON.parse(stdout || stderr)).toEqual([
      65_532,
      65_532,
      [65_532],
      ['EROFS', 'EROFS', 'EROFS', 'EROFS', 'ok', 'ok'],
    ])
  })

  test('serves, passes its own health check, mints a session, and stops with 0', async () => {
    const port = String(await freePort())
    const env = { HALLPASS_PORT: port, HALLPASS_FIXTURE: 'fixture.json', HALLPASS_LOG_LEVEL: 'error' }
    const server = start([...image.entrypoint, ...image.cmd], env)
    try {
      await vi.waitFor(() => expect(server.written.stdout, server.written.stderr).toContain('listening on'), soon)
      const health = await start(image.healthcheck, { ...env }).ended
      expect(health).toEqual({ code: 0, stdout: '{"status":"ready"}\n', stderr: '' })
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/widget/auth/guest`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: acme.origin },
        body: JSON.stringify({ client_key: acme.clientKey }),
      })
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status: 200,
        body: { auth_mode: 'guest', token: expect.any(String) },
      })
    } finally {
      server.child.kill('SIGTERM')
    }
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
    expect((await start(image.healthcheck, env).ended).code).toBe(1)
  })

  test('needs no more than 60 MB and 80 packages, and none of them has an install script', () => {
    const files = readdirSync(join(image.root, 'opt/hallpass'), { recursive: true, withFileTypes: true })
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
    const manifests = paths.filter((path) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    expect(manifests.length).toBeGreaterThan(3)
    expect(manifests.length).toBeLessThanOrEqual(80)
    expect(bytes).toBeLessThan(60e6)
    const scripts = manifests.map((path) => JSON.parse(readFileSync(path, 'utf8')).scripts ?? {})
    expect(scripts.filter(({ preinstall, install, postinstall }) => preinstall ?? install ?? postinstall)).toEqual([])
  })
})

/** As the test's own user, makes the file systems; then runs the command as the image's user, with the image as root. */
const enterImage = `root=$1 state=$2 user=$3 workdir=$4
shift 4
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc -o subset=pid proc "$root/proc"
mount --bind "$state" "$root/var/lib/hallpass"
exec unshare --root "$root" --wd "$workdir" --setgid "$user" --setuid "$user" "$@"`
