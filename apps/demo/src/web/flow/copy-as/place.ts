/** Where a call goes to, and which page it comes from. */
export interface Place {
  readonly hallpassUrl: string
  readonly pageOrigin: string
}
