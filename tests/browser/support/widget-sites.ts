import type { HostLink, MountedWidget } from '@hallpass/client/embed'
import type { Frame, Page } from 'playwright-core'
import type { ClientSites, ClientWorld } from './client-world.js'

/** A serializable event of a page. */
export interface SeenEvent {
  readonly type: string
  readonly visitor?: { readonly visitor_id: string }
  readonly reason?: string
  readonly status?: number
  readonly message?: string
}

declare global {
  interface Window {
    /** In the host page. */
    widget: MountedWidget
    events: SeenEvent[]
    messages: unknown[]
    askBackend: () => Promise<string>
    count: { listeners: number }
    /** In the widget's page. */
    host?: HostLink
    failure?: { readonly reason: string; readonly message: string }
    /** In the attacker's frame. */
    flooded: number
    heard: unknown[]
  }
}

/** Serves a widget at widgets.test. The shop can frame `/widget`, and anyone can frame `/open-widget`. */
export function serveWidgets({ sites, shop, settings }: ClientSites, host = 'widgets.test'): void {
  const script = `<script>const baseUrl = '${settings.baseUrl}';(${runWidget})(baseUrl)</script>`
  const body = `<!doctype html><title>widget</title><script src="/client.js"></script>${script}`
  const headers = { 'Content-Security-Policy': `frame-ancestors ${shop}` }
  sites.serve(host, '/widget', { body, headers })
  sites.serve(host, '/open-widget', { body })
}

/** Runs in the widget's page. */
async function runWidget(baseUrl: string): Promise<void> {
  try {
    const host = await Client.connectToHost({ baseUrl })
    host.onMessage((data) => host.post({ heard: data }))
    host.resize(321)
    await host.session.begin()
    window.host = host
  } catch (error) {
    if (error instanceof Client.WidgetSessionError) window.failure = { reason: error.reason, message: error.message }
  }
}

/** Mounts a widget in a page and records its events. */
export async function mountInto(
  page: Page,
  world: ClientWorld,
  {
    path = '/widget',
    asUser = false,
    credentialless,
  }: { path?: string; asUser?: boolean; credentialless?: boolean } = {},
): Promise<void> {
  const input = { settings: world.settings, widgetUrl: world.widgets + path, asUser, credentialless }
  await page.evaluate(({ settings, widgetUrl, asUser, credentialless }) => {
    window.events = []
    window.messages = []
    window.widget = Client.mountWidget({
      ...settings,
      widgetUrl,
      container: document.body,
      ...(credentialless === undefined ? {} : { credentialless }),
      ...(asUser ? { visitorToken: () => window.askBackend() } : {}),
      onEvent(event) {
        if (event.type !== 'refused') window.events.push(event)
        else {
          const { reason, status, message } = event.error
          window.events.push({ type: event.type, reason, message, ...(status === undefined ? {} : { status }) })
        }
      },
      onMessage: (data) => window.messages.push(data),
    })
  }, input)
}

export const eventsOf = (page: Page): Promise<SeenEvent[]> => page.evaluate(() => window.events)

/** The widget's document in a page. */
export async function frameOf(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector('iframe[src*="widget"]', { state: 'attached' })).contentFrame()
  if (!frame) throw new Error('The iframe has no document.')
  return frame
}

/** Waits for the widget's session and returns its token. */
export async function tokenOf(page: Page): Promise<string> {
  const frame = await frameOf(page)
  await frame.waitForFunction(() => window.host)
  return frame.evaluate(async () => (await window.host?.session.token()) ?? '')
}
