import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// As a dependency, @trpc/server would install its peer, the TypeScript compiler, wherever the server runs.
// What `#trpc` means is in package.json.
const folder = fileURLToPath(new URL('../dist/trpc/', import.meta.url))
const trpc = dirname(createRequire(import.meta.url).resolve('@trpc/server/package.json'))

await build({
  stdin: { contents: "export * from '@trpc/server'", resolveDir: folder },
  outfile: join(folder, 'bundle.js'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
})
copyFileSync(join(trpc, 'LICENSE'), join(folder, 'bundle.js.LICENSE.txt'))
