import { isPlainObject } from '@hallpass/contracts/core'

/** Stands before the type of every message between a host page and its widget. */
export const messagePrefix = '@hallpass/embed/'

/** Both sides say it, first the page, then the iframe: each learns the other's origin from the browser. It holds nothing. */
export const hello = { type: `${messagePrefix}hello` } as const

/** Page to iframe, with a MessagePort: whatever is secret goes through that port only. */
export interface Connect {
  readonly type: `${typeof messagePrefix}connect`
  readonly client_key: string
  readonly user_id?: string | undefined
  /** Whether the page can be asked for visitor tokens. */
  readonly has_visitor_token: boolean
}

export const connectOf = (options: Omit<Connect, 'type'>): Connect => ({ type: `${messagePrefix}connect`, ...options })

export const isHello = (data: unknown): boolean => isPlainObject(data) && data.type === hello.type

export const isConnect = (data: unknown): data is Connect =>
  isPlainObject(data) && data.type === `${messagePrefix}connect` && typeof data.client_key === 'string'
