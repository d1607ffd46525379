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

/** The browser of this worker. Starting one took a third of the time of a short file. */
let shared: Promise<Browser> | undefined

/**
 * A real Chromium with all its protections between origins. Names under `.test` resolve to this machine. The files of a
 * worker share it, so they open contexts of their own, and call {@link leaveBrowser} instead of closing it.
 */
export async function launchBrowser(): Promise<Browser> {
  shared ??= launch()
  const browser = await shared
  if (browser.isConnected()) return browser
  shared = launch()
  return shared
}

/** Closes everything that a file opened. The browser ends with its worker. */
export async function leaveBrowser(browser: Browser | undefined): Promise<void> {
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? [])
}

function launch(): Promise<Browser> {
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
