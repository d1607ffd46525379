import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/**
 * The features that Playwright switches off, except the partitions of third-party storage, which visitors' browsers have.
 * Of two such arguments, the last one counts.
 */
const disabledFeatures = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
]

/** A real Chromium with all its protections between origins. Names under `.test` resolve to this machine. */
export function launchBrowser(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    `--disable-features=${disabledFeatures.join(',')}`,
    // blocks third-party cookies
    '--test-third-party-cookie-phaseout',
    '--host-resolver-rules=MAP *.test 127.0.0.1',
  ]
  return chromium.launch({
    executablePath: inject('browserPath'),
    env: { ...process.env, ...inject('browserEnv') },
    args,
  })
}
