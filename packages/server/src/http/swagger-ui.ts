import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

/**
 * The path of a file of Swagger UI. The build copies it beside this module, so that its package, which runs a telemetry
 * script when it is installed, is not a dependency; without a build, the development dependency has it.
 */
export function swaggerUiFile(name: 'swagger-ui-bundle.js' | 'swagger-ui.css'): string {
  const copy = fileURLToPath(new URL(`./swagger-ui/${name}`, import.meta.url))
  return existsSync(copy) ? copy : require.resolve(`swagger-ui-dist/${name}`)
}
