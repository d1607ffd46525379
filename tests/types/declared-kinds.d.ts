// Made by `hallpass kinds types`. Change the declarations, not this file.
import type {} from '@hallpass/client'

declare module '@hallpass/client' {
  interface DeclaredKinds {
    /** A report in another page, with filters on its rows */
    'report-embed': {
      form: 'jwt'
      actions: 'view' | 'export'
      resource: 'required'
      claims: {
        readonly rows: readonly string[]
      }
    }
    /** A table that a user may read, sort and edit */
    'table-widget': {
      form: 'opaque'
      actions: 'read' | 'write' | 'share'
      resource: 'required'
      claims: {
        readonly team?: string
        readonly columns?: readonly string[]
      }
    }
    /** One call with a voice agent */
    'voice-agent': {
      form: 'opaque'
      actions: 'talk'
      resource: 'none'
      claims: {
        readonly voice: 'alloy' | 'coral' | 'sage'
        readonly max_minutes?: number
      }
    }
  }
}
