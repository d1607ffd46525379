import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The client's subpaths for pages, in one script that leaves them as `Client`. */
export async function bundleClient(): Promise<string> {
  const contents = "export * from '@hallpass/client/browser'\nexport * from '@hallpass/client/embed'"
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

/** An example of the repository for a page, in one script; what it exports is `name`. */
export async function bundleExample(path: string, name = 'Example'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(`@hallpass/examples/${path}`))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: name,
    jsx: 'automatic',
    conditions: ['@hallpass/source'],
    // React mounts everything twice then, to show what does not clean up
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return outputFiles[0]?.text ?? ''
}
