import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

// served at /embed.js, so that a page needs no copy of its own
const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('../dist/', import.meta.url))
mkdirSync(folder, { recursive: true })
copyFileSync(require.resolve('@hallpass/client/embed.iife.js'), `${folder}embed.iife.js`)
