/** A page of a list in order of ids: what stands after this id (the empty text is before all), at most so many. */
export interface Page {
  readonly after: string
  readonly limit: number
}

/** A page of a list whose newest stands first: what stands before this id, at most so many. */
export interface NewestFirst {
  readonly before: string | undefined
  readonly limit: number
}
