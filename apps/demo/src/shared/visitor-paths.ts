import { visitorPaths } from '@hallpass/contracts/core'

export type VisitorOperation = keyof typeof visitorPaths

/** The visitor operation at a path. Undefined for any other path. */
export const visitorOperationAt = (path: string): string | undefined =>
  Object.entries(visitorPaths).find(([, known]) => known === path)?.[0]
