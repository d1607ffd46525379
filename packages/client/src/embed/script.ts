import { createWidgetSession } from '../browser/create-widget-session.js'
import { connectToHost } from './connect-to-host.js'
import { mountWidget } from './mount-widget.js'

/** The global `Hallpass`, for pages without modules. */
Object.assign(globalThis, { Hallpass: { mountWidget, connectToHost, createWidgetSession } })
if (document.currentScript) mountFrom(document.currentScript)

/** Mounts a widget for `<script src="…" data-base-url data-client-key data-widget-url [data-container] [data-title]>`. */
function mountFrom(script: HTMLOrSVGScriptElement): void {
  const { baseUrl, clientKey, widgetUrl, container, title } = script.dataset
  if (!baseUrl || !clientKey || !widgetUrl) return
  const place =
    container === undefined ? placeAfter(script, `${clientKey} ${widgetUrl}`) : document.querySelector(container)
  if (place) mountWidget({ baseUrl, clientKey, widgetUrl, container: place, ...(title === undefined ? {} : { title }) })
}

/** Creates a container after the script. If the page includes the script twice, both share one container. */
function placeAfter(script: HTMLOrSVGScriptElement, name: string): Element {
  const known = document.querySelector(`[data-hallpass="${CSS.escape(name)}"]`)
  if (known) return known
  const place = document.createElement('div')
  place.dataset.hallpass = name
  script.after(place)
  return place
}
