import type { Voice } from '../../shared/voice-api.js'

const pitches: Readonly<Record<Voice, number>> = { alloy: 1, coral: 1.25, sage: 0.8 }

/** Says a line aloud, if the browser can. The caption shows it in any case. */
export function speak(line: string, voice: Voice): void {
  if (!('speechSynthesis' in window)) return
  const spoken = new SpeechSynthesisUtterance(line)
  spoken.lang = 'en'
  spoken.pitch = pitches[voice]
  window.speechSynthesis.cancel()
  window.speechSynthesis.speak(spoken)
}

export function hush(): void {
  if ('speechSynthesis' in window) window.speechSynthesis.cancel()
}
