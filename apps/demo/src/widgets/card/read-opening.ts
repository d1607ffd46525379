import { type WidgetType, widgetTypes } from '@hallpass/contracts/core'

/** The token and widget type that the page passed. */
export interface Opening {
  readonly token: string
  readonly type: WidgetType
}

/** Reads `#widget_token=…&widget_type=…`. Browsers don't send the fragment to any server. */
export function readOpening(hash: string): Opening | undefined {
  const given = new URLSearchParams(hash.slice(1))
  const token = given.get('widget_token')
  const type = widgetTypes.find((known) => known === given.get('widget_type'))
  return token && type ? { token, type } : undefined
}
