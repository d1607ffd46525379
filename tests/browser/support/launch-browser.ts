import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** A real Chromium with all its protections between origins. Names under `.test` resolve to this machine. */
export function launchBrowser(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--host-resolver-rules=MAP *.test 127.0.0.1',
  ]
  return chromium.launch({
    executablePath: inject('browserPath'),
    env: { ...process.env, ...inject('browserEnv') },
    args,
  })
}
