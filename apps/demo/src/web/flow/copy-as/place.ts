/** The Hallpass that a call goes to, and the page that it comes from. */
export interface Place {
  readonly hallpassUrl: string
  readonly pageOrigin: string
}
