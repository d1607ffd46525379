import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/**
 * The content of the code block of a step in the documentation. The block is marked with `drill=` and the step's name.
 */
export function readDrill(page: string, step: string): string {
  const text = readFileSync(join(root, page), 'utf8')
  const [, indented] = new RegExp(`\`\`\`\\w+ drill=${step}\n([^\`]+)\`\`\``).exec(text) ?? []
  if (indented === undefined) throw new Error(`${page} has no step ${step}`)
  return indented
}

/** Runs the commands of a documented step. Returns the keys in the resulting environment. */
export function followDrill(page: string, step: string, env: Record<string, string>): Record<string, string> {
  const hallpass = join(root, 'packages/cli/bin/hallpass.js')
  const script = `set -e\nhallpass() { node '${hallpass}' "$@"; }\n${readDrill(page, step)}\nenv >&3`
  const done = spawnSync('bash', ['-c', script], {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' })
  const left = String(done.output[3] ?? '').split('\n')
  return Object.fromEntries(
    left.map((line) => line.split(/=(.*)/s, 2)).filter(([name]) => /^HALLPASS_.*_KEY$/.test(name ?? '')),
  )
}
