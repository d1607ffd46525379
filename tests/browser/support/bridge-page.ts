import type { BridgeHost } from '@hallpass/demo/src/testing/start-bridge-host.js'
import { post, type TestDemo } from '@hallpass/demo/src/testing/start-demo.js'
import type { BrowserContext, FrameLocator, Page } from 'playwright-core'

/** A callback of an official client, and its argument. */
export type Heard = readonly [name: string, payload?: unknown]

/** A host page on which an official client has opened the bridge widget. */
export interface BridgePage {
  readonly page: Page
  readonly widget: FrameLocator
  readonly press: (name: string | RegExp) => Promise<void>
  readonly heard: () => Promise<Heard[]>
  /** Waits until a callback is called. Resolves to its argument. */
  readonly hears: (name: string) => Promise<unknown>
  /** Page errors, and errors and warnings on the console. */
  readonly complaints: readonly string[]
}

export interface Opening {
  readonly client: 'straddleio' | 'straddlecom'
  readonly token: string
  readonly manual?: boolean
}

export async function openBridge(
  context: BrowserContext,
  { host, demo }: { readonly host: BridgeHost; readonly demo: Pick<TestDemo, 'widgetsUrl'> },
  { client, token, manual = true }: Opening,
): Promise<BridgePage> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(line.text())
  })
  const url = new URL(host.url)
  url.search = String(new URLSearchParams({ client, token, appUrl: demo.widgetsUrl, manual: String(manual) }))
  await page.goto(url.href)
  const widget = page.frameLocator('#Straddle-widget-iframe')
  const heard = () => page.evaluate(() => (window as unknown as { heard: Heard[] }).heard)
  return {
    page,
    widget,
    complaints,
    press: (name) => widget.getByRole('button', { name }).click(),
    heard,
    async hears(name) {
      await page.waitForFunction(
        (wanted) => (window as unknown as { heard: Heard[] }).heard.some(([called]) => called === wanted),
        name,
        // a page in the background doesn't render frames, so polling on them could take forever
        { polling: 100 },
      )
      return (await heard()).find(([called]) => called === name)?.[1]
    },
  }
}

/** A bridge token for the shop's customer. */
export async function bridgeToken(demo: TestDemo, body: object = {}): Promise<string> {
  return (await post(`${demo.demoUrl}/api/bridge`, body)).body.answer.bridge_token
}
