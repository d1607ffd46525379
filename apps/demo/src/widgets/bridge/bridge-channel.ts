import type { EBridgeMessageType, TPaykeyResponse } from '@straddlecom/bridge-core'
import type { PaykeyResponse } from '../../shared/bridge-api.js'
import type { Parent } from '../common/parent.js'

/** The official clients send messages with either prefix, and accept the first one from the widget. */
const prefix = '@straddleio/js-bridge/'
const acceptedPrefixes = [prefix, '@straddlecom/js-bridge/']

/** The message names of the official clients. */
type MessageName = `${EBridgeMessageType}` extends `@straddlecom/js-bridge/${infer Name}` ? Name : never

/** The bridge widget's side of the official protocol. */
export interface BridgeChannel {
  readonly mounted: () => void
  readonly paykey: (paykeyResponse: PaykeyResponse) => void
  readonly successCtaClicked: () => void
  readonly close: () => void
  readonly manualEntry: () => void
  readonly retry: () => void
  readonly error: (error_code: string, message: string) => void
  /** Calls back with the token from the page. Returns a function that stops listening. */
  readonly onInitialize: (take: (token: string) => void) => () => void
}

/** Implements the protocol with the parent. While the parent's `debug` is on, logs every message with a `console` message. */
export function createBridgeChannel(parent: Parent): BridgeChannel {
  let isDebugging = false
  const send = (name: MessageName, more: object = {}) => {
    parent.send({ type: `${prefix}${name}`, ...more })
    if (isDebugging) log(`sent ${name}`)
  }
  const log = (text: string) => {
    const line = { method: 'log', payload: [JSON.stringify(`bridge widget: ${text}`)] }
    parent.send({ type: `${prefix}console`, ...line })
  }
  return {
    mounted: () => send('mounted'),
    paykey: (paykeyResponse) => send('on-paykey', { paykeyResponse: paykeyResponse satisfies TPaykeyResponse }),
    successCtaClicked: () => send('on-success-cta-clicked'),
    close: () => send('on-close'),
    manualEntry: () => send('on-manual-entry'),
    retry: () => send('on-retry'),
    error: (error_code, message) => send('error', { payload: { error_code, message } }),
    onInitialize: (take) =>
      parent.listen(({ type, token, enable }) => {
        const name = nameOf(type)
        if (name === 'debug') isDebugging = enable === true
        if (isDebugging && name !== undefined) log(`received ${name}`)
        if (name === 'initialize') take(typeof token === 'string' ? token : '')
      }),
  }
}

/** The message's name without its prefix. Undefined for messages of other protocols. */
function nameOf(type: unknown): string | undefined {
  if (typeof type !== 'string') return undefined
  const known = acceptedPrefixes.find((accepted) => type.startsWith(accepted))
  return known === undefined ? undefined : type.slice(known.length)
}
