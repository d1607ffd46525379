import { buildPages } from '@hallpass/demo/src/testing/build-pages.js'
import type { TestProject } from 'vitest/node'

/** Builds the demo's pages once for all files. */
export default async function buildDemo(project: TestProject): Promise<() => Promise<void>> {
  const { remove, ...pages } = await buildPages()
  project.provide('demoPages', pages)
  return remove
}

declare module 'vitest' {
  export interface ProvidedContext {
    demoPages: { readonly webFolder: string; readonly widgetsFolder: string }
  }
}
