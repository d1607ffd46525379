import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

// the page at /docs needs two files of swagger-ui-dist; as a dependency it would bring an install-time telemetry script
const files = ['swagger-ui-bundle.js', 'swagger-ui.css', 'swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE']
const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('../dist/swagger-ui/', import.meta.url))

mkdirSync(folder, { recursive: true })
for (const name of files) copyFileSync(require.resolve(`swagger-ui-dist/${name}`), folder + name)
