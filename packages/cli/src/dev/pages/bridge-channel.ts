import { metaOf } from './elements.js'

/** The official clients send messages with either prefix, and accept the first one from the widget. */
const prefix = '@straddleio/js-bridge/'
const acceptedPrefixes = [prefix, '@straddlecom/js-bridge/']

const parentOrigin = metaOf('parent-origin')

/** Sends a message of the bridge protocol to the page that embeds this one. */
export function send(name: string, more: object = {}): void {
  if (parentOrigin !== '') window.parent.postMessage({ type: `${prefix}${name}`, ...more }, parentOrigin)
}

/** Calls back with each token from the page that embeds this one. */
export function onInitialize(take: (token: string) => void): void {
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || origin !== parentOrigin) return
    if (typeof data !== 'object' || data === null || !('type' in data)) return
    const isInitialize = acceptedPrefixes.some((accepted) => data.type === `${accepted}initialize`)
    if (isInitialize) take('token' in data && typeof data.token === 'string' ? data.token : '')
  })
}
