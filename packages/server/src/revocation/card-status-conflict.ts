import { type CardStatus, cardStatusesFor, type WidgetType } from '@hallpass/contracts'
import { HallpassError } from '../errors.js'

/** The error for a card whose status the widget doesn't work with; undefined if it works with it. */
export function cardStatusConflict(status: CardStatus, widgetType: WidgetType): HallpassError | undefined {
  const valid_status = cardStatusesFor[widgetType]
  if (valid_status.includes(status)) return undefined
  const message = `The card is ${status}; ${widgetType} needs ${valid_status.join(' or ')}.`
  return new HallpassError('state_conflict', message, { valid_status })
}
