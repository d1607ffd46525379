import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Packed, packAll } from './pack.js'

const homes = ['packages/contracts', 'packages/client', 'packages/server', 'packages/cli']

/** Packs all packages, once for all files. */
export default async function providePacked(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-packed-'))
  project.provide('packed', await packAll(homes, folder))
  return () => rm(folder, { recursive: true })
}

declare module 'vitest' {
  export interface ProvidedContext {
    packed: readonly Packed[]
  }
}
