import type { TestProject } from 'vitest/node'

/** Unpacks the browser once for all files, so that they don't unpack it concurrently. */
export default async function unpackBrowser(project: TestProject): Promise<void> {
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
  }
}
