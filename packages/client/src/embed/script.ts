import { createWidgetSession } from '../browser/create-widget-session.js'
import { connectToHost } from './connect-to-host.js'
import { mountWidget } from './mount-widget.js'

/** What a page without modules finds as `Hallpass`. */
Object.assign(globalThis, { Hallpass: { mountWidget, connectToHost, createWidgetSession } })
if (document.currentScript) mountFrom(document.currentScript)

/** `<script src="…" data-base-url data-client-key data-widget-url [data-container] [data-title]>` mounts a widget by itself. */
function mountFrom(script: HTMLOrSVGScriptElement): void {
  const { baseUrl, clientKey, widgetUrl, container, title } = script.dataset
  if (!baseUrl || !clientKey || !widgetUrl) return
  const place =
    container === undefined ? placeAfter(script, `${clientKey} ${widgetUrl}`) : document.querySelector(container)
  if (place) mountWidget({ baseUrl, clientKey, widgetUrl, container: place, ...(title === undefined ? {} : { title }) })
}

/** A place of its own after the script; a page that has the script twice has the place once. */
function placeAfter(script: HTMLOrSVGScriptElement, name: string): Element {
  const known = document.querySelector(`[data-hallpass="${CSS.escape(name)}"]`)
  if (known) return known
  const place = document.createElement('div')
  place.dataset.hallpass = name
  script.after(place)
  return place
}
