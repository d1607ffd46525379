import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readText, root } from '../rules/support/repository.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { writeFixture } from '../system/support/servers/child-process.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'

const command = join(root, 'packages/cli/bin/hallpass.js')
const unit = readText('deploy/systemd/hallpass.service')

const canTrace =
  spawnSync('strace', ['-D', 'true']).status === 0 && spawnSync('systemd-analyze', ['--version']).status === 0
if (!canTrace) process.stderr.write('Skipped: the system calls of the service need strace and systemd-analyze.\n')

/** Groups of system calls as systemd defines them. A group can contain others. */
function callGroups(): (name: string) => Set<string> {
  const text = execFileSync('systemd-analyze', ['syscall-filter', '--no-pager'], { encoding: 'utf8', stdio: 'pipe' })
  const parts = text.split(/^(?=@)/m).map((part) => part.split('\n').map((line) => line.trim()))
  const groups = new Map(parts.map(([name = '', ...lines]) => [name, lines.filter((line) => /^[@\w-]+$/.test(line))]))
  const membersOf = (name: string): Set<string> =>
    new Set((groups.get(name) ?? []).flatMap((one) => (one.startsWith('@') ? [...membersOf(one)] : [one])))
  return membersOf
}

/** Every system call that the unit denies. */
function deniedCalls(): string[] {
  const membersOf = callGroups()
  const allowed = membersOf('@default')
  for (const [, isDenied, names = ''] of unit.matchAll(/^SystemCallFilter=(~?)(.+)$/gm)) {
    for (const call of names.split(' ').flatMap((name) => [...membersOf(name)])) {
      if (isDenied) allowed.delete(call)
      else allowed.add(call)
    }
  }
  return [...membersOf('@known')].filter((call) => !allowed.has(call))
}

describe.skipIf(!canTrace)(
  'a server to which the system calls fail that deploy/systemd/hallpass.service denies',
  () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>
    beforeAll(async () => {
      folder = await temporaryFolder()
      await writeFile(join(folder.path, 'HALLPASS_MASTER_KEY'), `${randomBytes(32).toString('base64url')}\n`)
    })
    afterAll(() => folder.remove())

    test('starts with its credential, mints a session, and stops with 0', async () => {
      const denied = deniedCalls()
      expect(denied.length).toBeGreaterThan(100)
      expect(denied).toEqual(expect.arrayContaining(['mount', 'ptrace', 'setpriority', 'reboot']))
      // strace doesn't know every call
      const calls = denied.map((call) => `?${call}`).join(',')
      const rules = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=EPERM`, '-o', join(folder.path, 'calls')]
      // with -D, the server is our child, so it gets our signal
      const strace = ['-D', '-f', '--seccomp-bpf', ...rules, process.execPath, command, 'serve']
      const flags = ['--port', '0', '--log-level', 'error', '--fixture', await writeFixture(folder.path)]
      const env = { PATH: process.env.PATH, CREDENTIALS_DIRECTORY: folder.path }
      const server = spawn('strace', [...strace, ...flags], {
        cwd: folder.path,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const written = { stdout: '', stderr: '' }
      server.stdout.on('data', (chunk) => (written.stdout += chunk))
      server.stderr.on('data', (chunk) => (written.stderr += chunk))
      const exited = once(server, 'exit')
      try {
        const listening = /^hallpass listening on (\S+)\n/
        await vi.waitFor(() => expect(written.stdout, written.stderr).toMatch(listening), { timeout: 60_000 })
        const [, url] = listening.exec(written.stdout) ?? []
        const response = await fetch(`${url}/api/v1/widget/auth/guest`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Origin: acme.origin },
          body: JSON.stringify({ client_key: acme.clientKey }),
        })
        expect(response.status).toBe(200)
      } finally {
        server.kill('SIGTERM')
      }
      expect(await exited).toEqual([0, null])
      expect(written.stderr).toBe('')
    })
  },
)
