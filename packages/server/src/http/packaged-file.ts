import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

/**
 * The path of a file of another package. The build copies it to `copy` next to this module, so that the package is not a
 * dependency (that of Swagger UI runs a telemetry script when it is installed). Without a build, the file comes from the
 * development dependency, by its `specifier`.
 */
export function packagedFile(copy: string, specifier: string): string {
  const path = fileURLToPath(new URL(copy, import.meta.url))
  return existsSync(path) ? path : require.resolve(specifier)
}
