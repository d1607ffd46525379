import type { QueryId } from './kysely.js'

const deferred = new WeakSet<QueryId>()

/**
 * Marks a write whose result the caller ignores. In a transaction on PostgreSQL, it is sent with the next statement or the
 * commit, which fails if it does.
 */
export const defer = (queryId: QueryId): void => void deferred.add(queryId)
export const isDeferred = (queryId: QueryId): boolean => deferred.has(queryId)
