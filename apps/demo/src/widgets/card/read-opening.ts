import type { WidgetType } from '@hallpass/contracts'

/** What the page opened this widget with. */
export interface Opening {
  readonly token: string
  readonly type: WidgetType
}

const types: readonly WidgetType[] = ['ACTIVATE', 'GET_PIN', 'REVEAL', 'SET_PIN']

/** Reads `#widget_token=…&widget_type=…`: what stands behind the # never leaves the browser. */
export function readOpening(hash: string): Opening | undefined {
  const given = new URLSearchParams(hash.slice(1))
  const token = given.get('widget_token')
  const type = types.find((known) => known === given.get('widget_type'))
  return token && type ? { token, type } : undefined
}
