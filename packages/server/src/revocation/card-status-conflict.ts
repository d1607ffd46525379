import { cardStatusesFor, endedCustomerStatuses, type WidgetType } from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { CardStanding } from '../store/queries/customers.js'

/**
 * The error for a card whose widget can't be opened now, because of its status or its customer's status. Undefined if
 * it can.
 */
export function cardStatusConflict(
  { status, customerStatus }: CardStanding,
  widgetType: WidgetType,
): HallpassError | undefined {
  const valid_status = cardStatusesFor[widgetType]
  if (!valid_status.includes(status)) {
    const message = messages.cardStatus(status, widgetType, valid_status.join(' or '))
    return new HallpassError('state_conflict', message, { valid_status })
  }
  if (!endedCustomerStatuses.includes(customerStatus)) return undefined
  return new HallpassError('state_conflict', messages.cardCustomerStatus(customerStatus))
}
