import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

// a single file for pages without a bundler: `<script src="…/embed.iife.js">`
await build({
  entryPoints: [path('src/embed/script.ts')],
  outfile: path('dist/embed.iife.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  // browsers with structuredClone, which the client uses, know all of it
  target: 'es2022',
  logLevel: 'warning',
})
