/** Messages with which pages take turns if the browser has no Web Locks, such as on plain HTTP. */
export type TurnMessage =
  | { readonly type: 'claim'; readonly by: number }
  /** Rejects the claim with this number. */
  | { readonly type: 'busy'; readonly to: number }
  | { readonly type: 'free' }
