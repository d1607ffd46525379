import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

/** Contains the parts that other bundles load later, because a page has only this file. */
const inOneFile = {
  name: 'in-one-file',
  setup({ onLoad }) {
    onLoad({ filter: /client\/src\/.*\.ts$/ }, async (file) => {
      const imports = []
      const contents = (await readFile(file.path, 'utf8')).replace(/\bimport\(('[^']+')\)/g, (_, part) => {
        imports.push(`import * as part${imports.length} from ${part}`)
        return `Promise.resolve(part${imports.length - 1})`
      })
      return { contents: [...imports, contents].join('\n'), loader: 'ts' }
    })
  },
}

// a single file for pages without a bundler: `<script src="…/embed.iife.js">`
await build({
  entryPoints: [path('src/embed/script.ts')],
  outfile: path('dist/embed.iife.js'),
  bundle: true,
  minify: true,
  // names of the session's own objects, which neither a page nor another frame sees
  mangleProps:
    /^(controller|platform|cancellations|notBefore|endedId|lastForget|lastEnd|stopTimer|postponeFeedCheck|monotonic|identity|keepsSession|isRemote|cancels|cached|dispatch|isOpen|watchers|listeners|wanted|failures|readNewest|exclusively|newSecret|openChannel|onWake|areReadable|stopping|isShared|textOf|onDocument|onAnswer|explainTimeout|onFailure|isAllowed|renew|tabs)$/,
  format: 'iife',
  plugins: [inOneFile],
  // browsers with structuredClone, which the client uses, know all of it
  target: 'es2022',
  logLevel: 'warning',
})
