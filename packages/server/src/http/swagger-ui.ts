import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

/**
 * The path of a file of Swagger UI. The build copies the files next to this module, so that the package is not a
 * dependency: it runs a telemetry script when it is installed. Without a build, the files come from the development
 * dependency.
 */
export function swaggerUiFile(name: 'swagger-ui-bundle.js' | 'swagger-ui.css'): string {
  const copy = fileURLToPath(new URL(`./swagger-ui/${name}`, import.meta.url))
  return existsSync(copy) ? copy : require.resolve(`swagger-ui-dist/${name}`)
}
