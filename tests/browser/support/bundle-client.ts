import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles the client's subpaths for pages into a script that defines the global `Client`. */
export async function bundleClient(): Promise<string> {
  const contents = ['browser', 'dpop', 'embed'].map((name) => `export * from '@hallpass/client/${name}'`).join('\n')
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'Client',
    conditions: ['@hallpass/source'],
  })
  return outputFiles[0]?.text ?? ''
}

/** Bundles an example into a script that defines its exports as the global `name`. */
export async function bundleExample(path: string, name = 'Example'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(`@hallpass/examples/${path}`))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: name,
    jsx: 'automatic',
    conditions: ['@hallpass/source'],
    // in development, React mounts everything twice to reveal missing cleanups
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return outputFiles[0]?.text ?? ''
}
