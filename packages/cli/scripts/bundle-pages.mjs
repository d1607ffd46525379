import { copyFileSync } from 'node:fs'
import { build } from 'esbuild'
import { homeOf } from '../../../scripts/bundle.mjs'

// the pages of the sample widgets, which `hallpass dev` serves
const home = homeOf(import.meta.url)
await build({
  absWorkingDir: home,
  entryPoints: ['src/dev/pages/chat.ts', 'src/dev/pages/bridge.ts'],
  outdir: 'dist/widgets',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  conditions: ['@hallpass/source'],
  logLevel: 'warning',
})
copyFileSync(`${home}/src/dev/pages/widgets.css`, `${home}/dist/widgets/widgets.css`)
