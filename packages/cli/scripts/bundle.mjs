import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { bundle, homeOf } from '../../../scripts/bundle.mjs'

const home = homeOf(import.meta.url)
await bundle({
  home,
  entryPoints: ['src/main.ts', 'src/for-tests/index.ts', 'src/for-tests/server-process.ts'],
  // the server has a bundle of its own
  external: ['@hallpass/server', 'cli-progress'],
})

// Jest loads CommonJS. It only starts a process, so a program that loads both versions notices nothing
await build({
  absWorkingDir: home,
  entryPoints: ['src/for-tests/index.ts'],
  outfile: 'dist/for-tests/index.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  define: { 'import.meta.url': '$url' },
  banner: { js: "const $url=require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
})
const place = `${home}/dist/for-tests`
copyFileSync(`${place}/types.d.ts`, `${place}/types.d.cts`)
const declarations = readFileSync(`${place}/index.d.ts`, 'utf8')
writeFileSync(`${place}/index.d.cts`, declarations.replaceAll("'./types.js'", "'./types.cjs'"))
