/** What a test and the process of its server send to each other. */
export type ToServer =
  | {
      readonly type: 'start'
      readonly fixture: object | undefined
      readonly port: number
      readonly widgetOrigins: readonly string[]
      readonly now: number
      readonly logLevel: string
    }
  | { readonly type: 'advance'; readonly milliseconds: number }

export type FromServer =
  | { readonly type: 'ready'; readonly url: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'advanced' }
