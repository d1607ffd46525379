import { useEffect, useState } from 'react'
import { type Voice, voiceStarted } from '../../../shared/voice-api.js'
import { askBackend } from '../../calls/ask-backend.js'
import { useWidgetMessages } from '../../calls/use-widget-messages.js'
import { useSettings } from '../../shell/settings.js'
import { voiceFlow } from '../flows.js'

/** A token for a call, as far as the page knows it. */
export interface OpenCall {
  readonly token: string
  readonly usesLeft: number | null
  /** When the page got it, in seconds since the epoch. */
  readonly mintedAt: number
}

/** What ends calls that haven't begun. */
export type Ended = 'subject' | 'resource' | 'kind'

/** The call that the page's visitor makes. */
export function useCall() {
  const { widgetsUrl } = useSettings()
  const [call, setCall] = useState<OpenCall>()
  const [said, say] = useState<string>()
  useWidgetMessages(voiceFlow)
  useEffect(() => {
    const hear = ({ origin, data }: MessageEvent) => {
      if (origin !== widgetsUrl || data?.type !== voiceStarted) return
      setCall((current) => current && { ...current, usesLeft: data.uses_left })
      say('The call has begun, so the token is used up.')
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [widgetsUrl])
  return {
    call,
    said,
    open: async (voice: Voice) => {
      setCall(undefined)
      say(undefined)
      const asked = await askBackend<{ token: string; uses: number | null }>(voiceFlow, 'voice-token', { voice })
      if ('refusal' in asked) return say(asked.refusal.message)
      const { token, uses } = asked.answer
      setCall({ token, usesLeft: uses, mintedAt: Date.now() / 1000 })
    },
    end: async (by: Ended) => {
      const asked = await askBackend(voiceFlow, 'voice-revoke', { by })
      say('refusal' in asked ? asked.refusal.message : 'Revoked. Try to start the call.')
    },
  }
}
