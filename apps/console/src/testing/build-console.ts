import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Builds the console from source into a temporary folder. */
export async function buildConsole(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-console-'))
  const { NODE_ENV } = process.env
  // with the test runner's, it would contain React's slow development build
  process.env.NODE_ENV = 'production'
  try {
    await build({ root, logLevel: 'silent', build: { outDir: folder, emptyOutDir: true } })
  } finally {
    process.env.NODE_ENV = NODE_ENV
  }
  return { folder, remove: () => rm(folder, { recursive: true }) }
}
