import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What was measured, and where. */
export interface Machine {
  readonly node: string
  readonly system: string
  readonly processor: string
  readonly peers: Readonly<Record<string, string>>
}

export function machine(): Machine {
  const manifest = readFileSync(fileURLToPath(new URL('package.json', import.meta.url)), 'utf8')
  const all = cpus()
  return {
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    processor: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    peers: (JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies,
  }
}
