import { parseUrl } from './parse-url.js'

/** Long enough for a scheme, a host name of 253 characters (RFC 1035 section 2.3.4) and a port. */
export const maxOriginLength = 300

/**
 * Schemes of the pages inside app shells and browser extensions, such as `capacitor://localhost`. The list is closed, so
 * that a misspelled `https` is an error and no entry can name a scheme that web pages use.
 */
export const appSchemes = [
  'app',
  'capacitor',
  'chrome-extension',
  'ionic',
  'moz-extension',
  'safari-web-extension',
  'tauri',
  'wails',
] as const

const appOrigin = new RegExp(
  `^(?:${appSchemes.join('|')})://[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[1-9]\\d{0,4})?$`,
)

/** Whether a value is an http(s) origin exactly as a browser serializes it (RFC 6454 section 6.2). */
export function isHttpOrigin(value: string): boolean {
  if (value.length > maxOriginLength || !/^https?:\/\/[^/?#@\\\s]+$/.test(value)) return false
  return parseUrl(value)?.origin === value
}

/** Whether a value is the origin of a page in an app shell or a browser extension. Host names keep their case there. */
export function isAppOrigin(value: string): boolean {
  return value.length <= maxOriginLength && appOrigin.test(value) && parseUrl(value) !== undefined
}

/** Whether a value is an origin that an allowlist entry can allow. */
export const isPageOrigin = (value: string): boolean => isHttpOrigin(value) || isAppOrigin(value)
