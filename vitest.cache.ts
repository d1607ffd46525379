import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Where an import of a workspace leads is in these, and not in the file that imports it. */
const manifests = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(path(folder)).map((name) => `${folder}/${name}/package.json`),
)
const digest = createHash('sha256')
for (const manifest of manifests.toSorted()) digest.update(readFileSync(path(manifest)))

/** Keeps transformed files for the other projects and for later runs: transforming them took a tenth of a run of one file. */
export const moduleCache = {
  fsModuleCache: true,
  fsModuleCachePath: path(`node_modules/.cache/vitest/${digest.digest('hex').slice(0, 16)}`),
}
