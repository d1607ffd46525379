import { widgetAuthPath } from './widget-auth-path.js'

/** Canonical paths of the operations that pages call directly. */
export const visitorPaths = {
  'visitor.guest': `${widgetAuthPath}guest`,
  'visitor.exchange': `${widgetAuthPath}exchange`,
  'visitor.refresh': `${widgetAuthPath}refresh`,
  'visitor.logout': `${widgetAuthPath}logout`,
  'visitor.embedTicket': `${widgetAuthPath}embed-ticket`,
  'visitor.config': '/api/v1/widget/config',
} as const
