import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPage } from './build-page.js'
import { demoFolder } from './demo-folder.js'

/** The demo's pages, built into temporary folders. */
export interface BuiltPages {
  readonly webFolder: string
  readonly widgetsFolder: string
  readonly remove: () => Promise<void>
}

export async function buildPages(): Promise<BuiltPages> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-demo-'))
  const [webFolder, widgetsFolder] = [join(folder, 'web'), join(folder, 'widgets')]
  await buildPage({ root: demoFolder, build: { outDir: webFolder, emptyOutDir: true } })
  await buildPage({
    root: `${demoFolder}src/widgets`,
    configFile: `${demoFolder}vite.widgets.config.ts`,
    build: { outDir: widgetsFolder, emptyOutDir: true },
  })
  return { webFolder, widgetsFolder, remove: () => rm(folder, { recursive: true }) }
}
