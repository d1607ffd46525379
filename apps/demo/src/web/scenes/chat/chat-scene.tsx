import './chat.css'
import { useSettings } from '../../shell/settings.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { chatFlow } from '../flows.js'
import { projects } from '../projects.js'
import { ScenePage } from '../scene-page.js'
import { chatAttempts } from './chat-attempts.js'
import { RailwayPage } from './railway-page.js'
import { useChat } from './use-chat.js'

/** Chat: a guest logs in and keeps the conversation, in every tab. */
export function ChatScene() {
  const chat = useChat()
  const { user } = useSettings()
  const { talking } = chat
  return (
    <ScenePage
      title="Chat"
      lead="Anyone can chat from a page on the allowlist. Guests who log in keep their conversation: the visitor id stays the same, and the visitor gets a name."
      flow={chatFlow}
      lanes={['browser', 'backend', 'hallpass', 'widget-host', 'widget']}
      hint="Open the chat in the corner, send a message, then log in."
      attempts={chatAttempts}
      project={projects.chat}
    >
      <div className="scene-tools">
        <button type="button" className="button" data-look="quiet" data-size="small" onClick={() => location.reload()}>
          Reload page
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
            Visitor <code>{talking.visitorId.slice(0, 8)}…</code> is chatting as <b>{talking.as}</b>.
          </>
        ) : (
          'No visitor yet.'
        )}
      </p>
    </ScenePage>
  )
}
