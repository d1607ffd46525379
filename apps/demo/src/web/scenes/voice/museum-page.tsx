import { useState } from 'react'
import declaration from '../../../../kinds/voice-guide.json'
import { exhibit, type Voice, voices } from '../../../shared/voice-api.js'
import { useSettings } from '../../shell/settings.js'
import { Countdown } from '../../tokens/countdown.js'
import { Lens } from './lens.js'
import type { Ended, OpenCall, useCall } from './use-call.js'

const endings: readonly (readonly [by: Ended, name: string])[] = [
  ['subject', 'this visitor'],
  ['resource', 'this exhibit'],
  ['kind', 'this kind'],
]

/** A museum's page about an exhibit, which visitors can call. */
export function MuseumPage({ phone }: { readonly phone: ReturnType<typeof useCall> }) {
  const [voice, setVoice] = useState<Voice>('coral')
  const { call, said, open, end } = phone
  return (
    <article className="museum">
      <header className="museum-head">
        <span className="museum-name">Breakwater Museum</span>
        <span className="museum-muted">Room 4</span>
      </header>
      <div className="museum-columns">
        <section className="museum-exhibit" aria-label="The exhibit">
          <Lens />
          <h2>The Skerry light</h2>
          <p className="museum-muted">First-order lens, 1868. Glass and brass, 258 cm.</p>
          <p>It turned for ninety-one years. Then the ships had radar, and the keeper had time to talk.</p>
        </section>
        <section className="museum-call" aria-label="Call the keeper">
          <fieldset className="museum-voices">
            <legend>The keeper’s voice</legend>
            {voices.map((name) => (
              <label key={name}>
                <input type="radio" name="voice" checked={voice === name} onChange={() => setVoice(name)} />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
          <button type="button" className="museum-button" onClick={() => open(voice)}>
            Call the keeper
          </button>
          {call && <Call call={call} end={end} />}
          <p className="museum-muted" role="status">
            {said}
          </p>
        </section>
      </div>
    </article>
  )
}

/** The token's state, the widget on its provider's origin, and what ends the token. */
function Call({ call, end }: { readonly call: OpenCall; readonly end: (by: Ended) => void }) {
  const { widgetsUrl } = useSettings()
  const opening = new URLSearchParams({ token: call.token, exhibit })
  const url = `${widgetsUrl}/voice?${new URLSearchParams({ parent: location.origin })}#${opening}`
  const isWaiting = call.usesLeft !== 0
  return (
    <>
      <dl className="museum-facts">
        <div>
          <dt>Uses left</dt>
          <dd data-over={!isWaiting}>{call.usesLeft}</dd>
        </div>
        <div>
          <dt>{isWaiting ? 'Start within' : 'Started'}</dt>
          <dd>
            {isWaiting ? <Countdown expiresAtSeconds={call.mintedAt + declaration.start_within_seconds} /> : 'in time'}
          </dd>
        </div>
      </dl>
      <div className="museum-frame">
        <iframe key={call.token} title="Voice guide" src={url} />
      </div>
      <p>
        <a href={url} target="_blank" rel="noopener">
          Call with the same token in a second tab
        </a>
      </p>
      {isWaiting && (
        <fieldset className="museum-endings">
          <legend>Or revoke every token of</legend>
          {endings.map(([by, name]) => (
            <button key={by} type="button" onClick={() => end(by)}>
              {name}
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}
