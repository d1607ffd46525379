/** The doors of Hallpass that are open to pages, by their operations. */
export const visitorPaths = {
  'visitor.guest': '/api/v1/widget/auth/guest',
  'visitor.exchange': '/api/v1/widget/auth/exchange',
  'visitor.refresh': '/api/v1/widget/auth/refresh',
  'visitor.embedTicket': '/api/v1/widget/auth/embed-ticket',
  'visitor.config': '/api/v1/widget/config',
} as const

export type VisitorOperation = keyof typeof visitorPaths

/** The operation behind a door; undefined for any other path. */
export const visitorOperationAt = (path: string): string | undefined =>
  Object.entries(visitorPaths).find(([, known]) => known === path)?.[0]
