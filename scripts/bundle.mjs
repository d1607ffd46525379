import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The folder of the package whose build script this is. */
export const homeOf = (scriptUrl) => dirname(dirname(fileURLToPath(scriptUrl)))

/**
 * Bundles entry points of a package and their dependencies from `src` into `dist`. Loading a thousand files took most of
 * the CPU time of a start. What is rarely imported can be `apart`: modules that share no file with the others, because a
 * shared one would be loaded at every start.
 */
export async function bundle({ home, entryPoints, external = [], lazy = [], apart = [], plugins = [] }) {
  const outdir = join(home, 'dist')
  mkdirSync(outdir, { recursive: true })
  for (const old of readdirSync(outdir)) if (/\.c?js(\.map)?$/.test(old)) rmSync(join(outdir, old))
  const common = {
    absWorkingDir: home,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // identifiers stay, so that stack traces are readable
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    metafile: true,
  }
  const asModules = {
    ...common,
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    conditions: ['@hallpass/source'],
    external,
    // CommonJS packages in an ES module need `require`
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  }
  const modules = await build({
    ...asModules,
    entryPoints,
    splitting: true,
    plugins: [...plugins, requireWhenUsed(lazy), importFrom(apart)],
  })
  const others = await build({
    ...asModules,
    entryPoints: apart.map((path) => ({ in: path, out: nameOf(path) })),
    plugins,
  })
  const required = await build({
    ...common,
    entryPoints: lazy.map((name) => ({ in: name, out: fileOf(name) })),
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  })
  const inputs = [modules, others, required].flatMap(({ metafile }) => Object.keys(metafile.inputs))
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licenses(home, inputs))
}

const fileOf = (name) => name.replace(/\W+/g, '-').replace(/^-/, '')

const nameOf = (path) => basename(path, '.ts')

/** Imports modules that are built apart from files of their own. */
function importFrom(paths) {
  const files = paths.map((path) => `${nameOf(path)}.js`)
  return {
    name: 'import-from',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\// }, ({ path }) =>
        files.includes(basename(path)) ? { path: `./${basename(path)}`, external: true } : undefined,
      ),
  }
}

/** Bundles packages that are rarely required into files of their own. Otherwise Node parses them at every start. */
function requireWhenUsed(names) {
  return {
    name: 'require-when-used',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^[^./]/ }, ({ path }) =>
        names.includes(path) ? { path: `./${fileOf(path)}.cjs`, external: true } : undefined,
      ),
  }
}

/** Name, version and license of each package in the bundle. */
function licenses(home, inputs) {
  const folders = inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])
  const texts = [...new Set(folders)].map((folder) => {
    const place = join(home, folder)
    const { name, version, license } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
    const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(place, file), 'utf8').trim() : ''}`
  })
  return `${texts.toSorted().join('\n\n----\n\n')}\n`
}
