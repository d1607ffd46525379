import { WidgetSessionError } from '../browser/errors.js'
import type { MountOptions } from './mount-options.js'

const defaultSandbox = 'allow-scripts allow-same-origin allow-forms allow-popups'
/** Marks the iframes of widgets, so that copies in a cached page (Turbo, htmx) can be recognized. */
const mark = 'data-hallpass-widget'

export function createFrame(options: MountOptions, url: URL): HTMLIFrameElement {
  const { title = 'Widget', sandbox = defaultSandbox, allow = '', attributes = {} } = options
  if (!sandbox.split(/\s+/).includes('allow-same-origin')) {
    throw new WidgetSessionError('no_origin', 'The sandbox of a widget must include allow-same-origin.')
  }
  const iframe = document.createElement('iframe')
  iframe.style.cssText = 'border:0;width:100%;height:100%;color-scheme:normal'
  const all = { ...attributes, title, sandbox, allow, referrerpolicy: 'strict-origin', [mark]: '', src: url.href }
  for (const [name, value] of Object.entries(all)) iframe.setAttribute(name, value)
  iframe.toggleAttribute('credentialless', options.credentialless ?? globalThis.crossOriginIsolated === true)
  return iframe
}

/** Removes iframes that a page cache copied: no code belongs to them. */
export function removeCopies(container: Element): void {
  for (const copy of container.querySelectorAll(`:scope > iframe[${mark}]`)) copy.remove()
}

/** Calls `onRemoved` when an element has left the page. A move within the page doesn't count. Returns a function that stops. */
export function watchRemoval(element: Element, onRemoved: () => void): () => void {
  const observer = new MutationObserver(() => {
    if (!element.isConnected) onRemoved()
  })
  const root = element.getRootNode()
  for (const node of new Set([document, root])) observer.observe(node, { childList: true, subtree: true })
  return () => observer.disconnect()
}
