import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { installedPrograms, startInstalledPostgres } from '../postgres/support/installed-postgres.js'
import { createDatabase } from '../support/postgres.js'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import { introspect, mintBridgeToken } from '../system/support/fixtures/mint.js'
import { startServer } from '../system/support/servers/in-process-server.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const drill = fileOf('scripts/recovery-drill.sh')
const command = `${process.execPath} ${fileOf('packages/cli/bin/hallpass.js')}`

/** Runs a program. Returns how it ended and what it printed. */
async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  const [code] = await once(child, 'close')
  return { code, text }
}

test.each(['sqlite', 'postgres'] as const)('the recovery drill on %s: back up, lose, restore', async (kind) => {
  const programs = installedPrograms()
  if (kind === 'postgres' && !programs) return
  const folder = await temporaryFolder()
  onTestFinished(folder.remove)
  const postgres = kind === 'postgres' ? await startInstalledPostgres(programs ?? '') : undefined
  if (postgres) onTestFinished(postgres.remove)
  const databaseUrl = postgres ? await createDatabase(postgres) : `file:${join(folder.path, 'x.db')}`
  const masterKey = randomBytes(32)
  const publicUrl = 'https://pass.example'
  const server = await startServer({ fixture, config: { databaseUrl, masterKey, publicUrl } })
  let isLost = false
  onTestFinished(async () => {
    if (!isLost) await server.stop()
  })
  const env = {
    PATH: `${programs ?? ''}:${process.env.PATH}`,
    HALLPASS: command,
    HALLPASS_MASTER_KEY: masterKey.toString('base64url'),
    HALLPASS_PUBLIC_URL: publicUrl,
  }
  const before = await mintBridgeToken(server)
  const backup = join(folder.path, 'backup')
  const [node = '', script = ''] = command.split(' ')
  expect(await run(node, [script, 'backup', backup, '--database-url', databaseUrl], env)).toMatchObject({ code: 0 })
  const after = await mintBridgeToken(server)
  for (const token of [before, after]) expect(await introspect(server, token)).toMatchObject({ active: true })
  // the database is lost: the drill has only the backup and the key
  await server.stop()
  isLost = true

  const target = postgres ? [await createDatabase(postgres)] : []
  const tokens = { DRILL_SECRET_KEY: acme.key, DRILL_TOKENS: `${before} ${after}` }
  const done = await run(drill, [backup, ...target], { ...env, ...tokens })
  expect(done.text).toMatch(
    /^The backup can be restored\. It took \d+ s; 2 tokens from before are no longer valid\.\n$/,
  )
  expect(done.code).toBe(0)

  // without the right key, or from a damaged backup, it fails
  const other = postgres ? [await createDatabase(postgres)] : []
  const wrong = { ...env, HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
  const failed = await run(drill, [backup, ...other], wrong)
  expect(failed).toMatchObject({ code: 1, text: expect.stringContaining('The drill failed: restore:') })
})
