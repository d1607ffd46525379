import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** A real Chromium with every wall between origins up. */
export function launchBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']
  return chromium.launch({
    executablePath: inject('browserPath'),
    env: { ...process.env, ...inject('browserEnv') },
    args,
  })
}
