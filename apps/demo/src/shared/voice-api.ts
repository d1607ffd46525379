/** The voices that a visitor can choose from. */
export const voices = ['coral', 'sage', 'alloy'] as const
export type Voice = (typeof voices)[number]

/** The exhibit of the museum's page, which is the resource of its tokens. */
export const exhibit = 'skerry-light'

/** The provider's response to a call that it accepted. */
export interface CallStarted {
  readonly call_id: string
  readonly voice: Voice
  readonly max_minutes: number
  readonly uses_left: number | null
  /** What the guide says first. */
  readonly line: string
  /** What the visitor can ask. */
  readonly questions: readonly string[]
}

/** What the guide answers. */
export interface CallAnswer {
  readonly line: string
}

export const voiceStarted = 'hallpass-demo/voice-started'

/** The message from the frame to the page when a call has begun. */
export interface VoiceStartedMessage {
  readonly type: typeof voiceStarted
  readonly uses_left: number | null
}
