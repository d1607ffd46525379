import { accessSync } from 'node:fs'
import { afterAll, beforeAll, describe } from 'vitest'
import { type cookieSettings, startFirefox } from './firefox.js'
import { controlBrowser, type RemoteBrowser } from './remote-page.js'
import type { Driver } from './webdriver.js'
import { startWebKit } from './webkit.js'

/** A browser engine that visitors use. */
interface Engine {
  readonly name: string
  readonly programs: readonly string[]
  readonly start: () => Promise<Driver>
}

const firefox = (cookies: keyof typeof cookieSettings): Engine => ({
  name: `Firefox, ${cookies}`,
  programs: ['firefox-esr'],
  start: () => startFirefox(cookies),
})

const webkit: Engine = { name: 'WebKit', programs: ['WebKitWebDriver', 'Xvfb'], start: startWebKit }

/** Runs tests in each engine. Those of an engine that isn't installed are skipped. */
export function describeEngines(
  title: string,
  tests: (newPage: RemoteBrowser['newPage'], engine: string) => void,
): void {
  run([firefox('total cookie protection'), webkit], title, tests)
}

/** Runs tests in Firefox with each of the settings that its users choose for cookies. */
export function describeCookieSettings(title: string, tests: Parameters<typeof describeEngines>[1]): void {
  run([firefox('third parties blocked'), firefox('all blocked')], title, tests)
}

function run(engines: readonly Engine[], title: string, tests: Parameters<typeof describeEngines>[1]): void {
  for (const { name, programs, start } of engines) {
    const isMissing = programs.some((program) => !isInstalled(program))
    const help = isMissing ? ' (not installed: run scripts/install-browsers.sh)' : ''
    describe.skipIf(isMissing)(`${name}${help}: ${title}`, () => {
      let browser: RemoteBrowser
      beforeAll(async () => {
        browser = await controlBrowser(await start())
      })
      afterAll(() => browser?.stop())
      tests((url) => browser.newPage(url), name)
    })
  }
}

function isInstalled(program: string): boolean {
  try {
    accessSync(`/usr/bin/${program}`)
    return true
  } catch {
    return false
  }
}
