import { bundle, homeOf } from '../../../scripts/bundle.mjs'

await bundle({
  home: homeOf(import.meta.url),
  entryPoints: ['src/main.ts'],
  // the server has a bundle of its own
  external: ['@hallpass/server', 'cli-progress'],
})
