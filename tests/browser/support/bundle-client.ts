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
