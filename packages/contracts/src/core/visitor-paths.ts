/** Canonical paths of the operations that pages call themselves. */
export const visitorPaths = {
  'visitor.guest': '/api/v1/widget/auth/guest',
  'visitor.exchange': '/api/v1/widget/auth/exchange',
  'visitor.refresh': '/api/v1/widget/auth/refresh',
  'visitor.embedTicket': '/api/v1/widget/auth/embed-ticket',
  'visitor.config': '/api/v1/widget/config',
} as const
