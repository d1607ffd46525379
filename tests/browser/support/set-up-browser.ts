import { buildConsole } from '@hallpass/console/testing'
import { buildPages } from '@hallpass/demo/src/testing/build-pages.js'
import type { TestProject } from 'vitest/node'

/** Unpacks the browser and builds the pages of the demo and the console, once for all files. */
export default async function setUpBrowser(project: TestProject): Promise<() => Promise<void>> {
  const [{ remove, ...pages }, built] = await Promise.all([buildPages(), buildConsole(), unpackBrowser(project)])
  project.provide('demoPages', { ...pages, consoleFolder: built.folder })
  return async () => void (await Promise.all([remove(), built.remove()]))
}

async function unpackBrowser(project: TestProject): Promise<void> {
  // makes the package unpack its system libraries too, which may be missing on this machine
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  chromium.setGraphicsMode = false
  project.provide('browserPath', await chromium.executablePath())
  const { LD_LIBRARY_PATH = '', FONTCONFIG_PATH = '' } = process.env
  project.provide('browserEnv', { LD_LIBRARY_PATH, FONTCONFIG_PATH })
}

declare module 'vitest' {
  export interface ProvidedContext {
    browserPath: string
    browserEnv: Record<string, string>
    demoPages: { readonly webFolder: string; readonly widgetsFolder: string; readonly consoleFolder: string }
  }
}
