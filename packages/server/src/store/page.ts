/** A page of a list in the order of ids: the entries after this id (the empty text comes before all), up to a limit. */
export interface Page {
  readonly after: string
  readonly limit: number
}

/** A page of a list with the newest first: the entries before this id, up to a limit. */
export interface NewestFirst {
  readonly before: string | undefined
  readonly limit: number
}
