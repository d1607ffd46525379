import { cpSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

// served at /console; the package of the console is not published
const require = createRequire(import.meta.url)
const built = dirname(require.resolve('@hallpass/console/page'))
const folder = fileURLToPath(new URL('../dist/console/', import.meta.url))
rmSync(folder, { recursive: true, force: true })
cpSync(built, folder, { recursive: true })
