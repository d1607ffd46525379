import type { MountedWidget, MountOptions } from './mount-options.js'
import { mountWidget } from './mount-widget.js'

type Settings = Readonly<Record<string, string | undefined>>

/**
 * Mounts a widget for `<script src="…/embed.js" data-client-key data-widget-url>`, or for `window.HallpassSettings`, which
 * suits tag managers that drop attributes. Whatever is wrong becomes one line in the console.
 */
export function mountFromScript(onMounted: (widget: MountedWidget) => void): void {
  const script = findScript()
  const settings: Settings = { ...Reflect.get(globalThis, 'HallpassSettings'), ...script?.dataset }
  // without settings, the page uses the functions
  if (!ownNames.some((name) => settings[name] !== undefined)) return
  script?.setAttribute('data-hallpass-started', '')
  whenParsed(settings, script, () => {
    try {
      onMounted(mount(settings, script))
    } catch (error) {
      complain(error)
    }
  })
}

const ownNames = ['clientKey', 'widgetUrl', 'baseUrl', 'container']

/** The script's own element. A module has no `currentScript`, so that is the first one that hasn't been started. */
function findScript(): HTMLElement | undefined {
  const { currentScript } = document
  if (currentScript instanceof HTMLElement) return currentScript
  const waiting = ':is([data-client-key], [data-widget-url]):not([data-hallpass-started])'
  return document.querySelector<HTMLElement>(`script${waiting}`) ?? undefined
}

/** Runs now if the place for the widget is there already; otherwise once the page is parsed. */
function whenParsed({ container }: Settings, script: HTMLElement | undefined, run: () => void): void {
  const isThere = container === undefined ? isInBody(script) : find(container)
  if (document.readyState !== 'loading' || isThere) run()
  else document.addEventListener('DOMContentLoaded', run, { once: true })
}

function mount(settings: Settings, script: HTMLElement | undefined): MountedWidget {
  const options = optionsOf(settings, script)
  const { container } = options
  return mountWidget({
    ...options,
    onEvent(event) {
      if (event.type === 'refused') complain(event.error)
      container.dispatchEvent(new CustomEvent(`hallpass:${event.type}`, { detail: event, bubbles: true }))
    },
  })
}

function optionsOf(settings: Settings, script: HTMLElement | undefined): MountOptions {
  const { clientKey, widgetUrl, container, title, locale, sandbox, allow, userId } = settings
  const baseUrl = settings.baseUrl ?? serviceOf(script)
  if (!clientKey) throw missing('data-client-key="pk_…"')
  if (!widgetUrl) throw missing("data-widget-url, the URL of the widget's page")
  if (!baseUrl) throw missing('data-base-url, the origin of your Hallpass server')
  for (const [name, url] of Object.entries({ 'data-base-url': baseUrl, 'data-widget-url': widgetUrl })) {
    if (!isUrl(url)) throw new Error(`${name} must be a URL such as https://widgets.example.com/chat.`)
  }
  const place = container === undefined ? placeFor(script, `${clientKey} ${widgetUrl}`) : find(container)
  if (!place) throw new Error(`No element matches data-container="${container}". Use a CSS selector such as #chat.`)
  const given = { title, locale, sandbox, allow, userId }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { baseUrl, clientKey, widgetUrl, container: place, attributes: attributesOf(settings), ...set }
}

const missing = (what: string) => new Error(`The script tag needs ${what}.`)

/** `data-iframe-loading="lazy"` becomes the iframe's attribute `loading`. */
function attributesOf(settings: Settings): Record<string, string> {
  const found = Object.entries(settings).filter(([name]) => /^iframe[A-Z]/.test(name))
  return Object.fromEntries(
    found.map(([name, value]) => [
      name
        .slice('iframe'.length)
        .replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`)
        .toLowerCase(),
      value ?? '',
    ]),
  )
}

/** Hallpass serves this script at `/embed.js`; a copy elsewhere has to name the service. */
function serviceOf(script: HTMLElement | undefined): string | undefined {
  const url = script?.getAttribute('src') ? new URL(String(script.getAttribute('src')), document.baseURI) : undefined
  return url?.pathname.endsWith('/embed.js') ? url.origin : undefined
}

/** Creates a container after the script, or at the end of the page for a script that isn't in the body. */
function placeFor(script: HTMLElement | undefined, name: string): Element {
  const known = document.querySelector(`[data-hallpass="${CSS.escape(name)}"]`)
  if (known) return known
  const place = document.createElement('div')
  place.dataset.hallpass = name
  if (script && isInBody(script)) script.after(place)
  else document.body.append(place)
  return place
}

const isInBody = (script: HTMLElement | undefined) => script?.closest('body') != null

function find(selector: string): Element | undefined {
  try {
    return document.querySelector(selector) ?? undefined
  } catch {
    // not a selector
    return undefined
  }
}

function isUrl(text: string): boolean {
  try {
    return new URL(text, document.baseURI).protocol.startsWith('http')
  } catch {
    return false
  }
}

function complain(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: a page that uses the script tag has no code that could report an error
  console.error(`Hallpass: ${error instanceof Error ? error.message : String(error)}`)
}
