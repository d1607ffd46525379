import { visitorPaths } from '@hallpass/contracts/core'

export type VisitorOperation = keyof typeof visitorPaths

/** The operation that a page calls at a path; undefined for any other path. */
export const visitorOperationAt = (path: string): string | undefined =>
  Object.entries(visitorPaths).find(([, known]) => known === path)?.[0]
