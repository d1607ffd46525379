// Made by `hallpass kinds types`. Change the declarations, not this file.
import type {} from '@hallpass/client'

declare module '@hallpass/client' {
  interface DeclaredKinds {
    /** One call with the voice of an exhibit */
    'voice-guide': {
      form: 'opaque'
      actions: 'talk'
      resource: 'required'
      claims: {
        readonly voice: 'alloy' | 'coral' | 'sage'
        readonly max_minutes: number
      }
    }
  }
}
