import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'

/** The prefix of the type of every message between a host page and its widget. */
export const messagePrefix = '@hallpass/embed/'

/** Sent first by the page, then by the iframe, so that each side learns the other's origin from the browser. Contains no data. */
export const hello = { type: `${messagePrefix}hello` } as const

/**
 * Sent by the widget when its script starts, to whatever page is around it, so that it connects even if it starts late.
 * Contains no data.
 */
export const start = { type: `${messagePrefix}start` } as const

/** Sent by the page to the iframe, with a MessagePort. Secrets are sent through that port only. */
export interface Connect {
  readonly type: typeof connectType
  readonly client_key: string
  readonly user_id?: string | undefined
  readonly locale?: string | undefined
  /** Whether the page can provide visitor tokens. */
  readonly has_visitor_token: boolean
}

export const connectType = `${messagePrefix}connect` as const

export const isHello = (data: unknown): boolean => isPlainObject(data) && data.type === hello.type

export const isStart = (data: unknown): boolean => isPlainObject(data) && data.type === start.type

export const isConnect = (data: unknown): data is Connect =>
  isPlainObject(data) && data.type === connectType && typeof data.client_key === 'string'
