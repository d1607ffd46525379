import './chat.css'
import { useSettings } from '../../shell/settings.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { ScenePage } from '../scene-page.js'
import { chatAttempts } from './chat-attempts.js'
import { chatFlow } from './chat-flow.js'
import { RailwayPage } from './railway-page.js'
import { useChat } from './use-chat.js'

/** Chat: a guest becomes a user without losing the conversation, in every tab. */
export function ChatScene() {
  const chat = useChat()
  const { user } = useSettings()
  const { talking } = chat
  return (
    <ScenePage
      title="Chat"
      lead="Anybody may ask, from a page on the allowlist. Whoever logs in keeps the conversation: the visitor stays the same, only the name is new."
      flow={chatFlow}
      lanes={['browser', 'backend', 'hallpass', 'widget-host', 'widget']}
      hint="Open the chat in the corner, say something, then log in."
      attempts={chatAttempts}
    >
      <div className="scene-tools">
        <button type="button" className="button" data-look="quiet" data-size="small" onClick={() => location.reload()}>
          Reload the page
        </button>
        <a className="button" data-look="quiet" data-size="small" href="/chat" target="_blank" rel="noopener">
          Open a second tab
        </a>
        <button type="button" className="button" data-look="danger" data-size="small" onClick={chat.signOutEverywhere}>
          Sign out everywhere
        </button>
      </div>
      <BrowserFrame label="The railway" path="/journeys/NB-2305">
        <RailwayPage chat={chat} userName={user.display_name} />
      </BrowserFrame>
      <p className="scene-fact small" role="status">
        {talking ? (
          <>
            Visitor <code>{talking.visitorId.slice(0, 8)}…</code> talks as <b>{talking.as}</b>.
          </>
        ) : (
          'Nobody talks yet.'
        )}
      </p>
    </ScenePage>
  )
}
