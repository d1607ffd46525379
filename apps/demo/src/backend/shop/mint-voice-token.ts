import type { CallOptions, HallpassClient } from '@hallpass/client'
import type {} from './declared-kinds.js'

interface Call {
  /** The logged-in user. */
  readonly visitor: string
  readonly exhibit: string
  readonly voice: 'alloy' | 'coral' | 'sage'
}

/** Mints a token for one call of at most two minutes. */
export const mintVoiceToken = (hallpass: HallpassClient, { visitor, exhibit, voice }: Call, options?: CallOptions) =>
  hallpass.kinds.mint(
    { kind: 'voice-guide', subject: visitor, resource: exhibit, claims: { voice, max_minutes: 2 } },
    options,
  )
