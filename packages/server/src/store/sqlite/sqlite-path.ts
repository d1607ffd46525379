import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The absolute path of a `file:` URL, or undefined for `:memory:`. Links are followed, even one whose target doesn't
 * exist yet, so that the database, its lock and its key file are the same ones by whatever name they are reached.
 */
export function sqlitePath(url: string): string | undefined {
  if (url === ':memory:') return undefined
  return followLinks(url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length).trim()))
}

/** As many as Linux follows. */
const mostLinks = 40

function followLinks(path: string, links = 0): string {
  try {
    return realpathSync(path)
  } catch {
    const target = links < mostLinks ? targetOf(path) : undefined
    if (target !== undefined) return followLinks(resolve(dirname(path), target), links + 1)
    return dirname(path) === path ? path : join(followLinks(dirname(path), links), basename(path))
  }
}

function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined
  } catch {
    return undefined
  }
}
