import type { Store } from './store.js'

/** Names of methods that read without a lock. A rule test compares the names with what the methods do. */
type ReadName = `find${string}` | `list${string}` | `has${string}` | `is${string}` | `count${string}`

/** The store's methods that read without a lock. */
export type ReadMethod = Extract<keyof Store, ReadName>

/** The methods of a group of queries that write. */
export type WriteMethod<Group extends (...args: never) => object> = Group extends (...args: never) => infer Queries
  ? Exclude<keyof Queries & keyof Store, ReadName | `lock${string}`>
  : never
