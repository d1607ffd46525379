import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What processes loaded that ran with NODE_V8_COVERAGE. */
export interface Loaded {
  readonly files: readonly string[]
  /** The same, but each bundle is replaced by the sources in it. */
  readonly sources: readonly string[]
}

/** Reads the reports that Node wrote to the folder that NODE_V8_COVERAGE named. */
export function loadedFiles(coverage: string): Loaded {
  const scripts = readdirSync(coverage).flatMap((name): { url: string }[] => {
    return JSON.parse(readFileSync(join(coverage, name), 'utf8')).result
  })
  const files = new Set(scripts.flatMap(({ url }) => (url.startsWith('file:') ? fileURLToPath(url) : [])))
  return { files: [...files], sources: [...files].flatMap(sourcesOf) }
}

function sourcesOf(file: string): string[] {
  if (!existsSync(`${file}.map`)) return [file]
  const { sources }: { sources: string[] } = JSON.parse(readFileSync(`${file}.map`, 'utf8'))
  return sources.map((source) => normalize(join(dirname(file), source)))
}
