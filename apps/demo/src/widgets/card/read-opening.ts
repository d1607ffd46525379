import { type WidgetType, widgetTypes } from '@hallpass/contracts/core'

/** What the page opened this widget with. */
export interface Opening {
  readonly token: string
  readonly type: WidgetType
}

/** Reads `#widget_token=…&widget_type=…`: what stands behind the # never leaves the browser. */
export function readOpening(hash: string): Opening | undefined {
  const given = new URLSearchParams(hash.slice(1))
  const token = given.get('widget_token')
  const type = widgetTypes.find((known) => known === given.get('widget_type'))
  return token && type ? { token, type } : undefined
}
