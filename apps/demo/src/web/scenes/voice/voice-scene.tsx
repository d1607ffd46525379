import './voice.css'
import declaration from '../../../../kinds/voice-guide.json?raw'
import mintCode from '../../../backend/shop/mint-voice-token.ts?raw'
import startCode from '../../../backend/widget-host/voice/start-call.ts?raw'
import { PartView } from '../../flow/part-view.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { Tabs } from '../../stage/tabs.js'
import { voiceFlow } from '../flows.js'
import { projects } from '../projects.js'
import { ScenePage } from '../scene-page.js'
import { MuseumPage } from './museum-page.js'
import { useCall } from './use-call.js'
import { voiceAttempts } from './voice-attempts.js'

/** A kind of token that the account declared. The scene shows its file and the code that runs. */
export function VoiceScene() {
  const phone = useCall()
  return (
    <ScenePage
      title="Voice call"
      lead="No built-in token fits a call with an AI voice, so the museum declares one: it starts one call about one exhibit, within a minute, with the voice that the visitor chose. The file below is all of it."
      flow={voiceFlow}
      lanes={['browser', 'backend', 'hallpass', 'widget-host', 'widget']}
      hint="Call the keeper, then call with the same token in a second tab."
      attempts={voiceAttempts}
      project={projects.voice}
    >
      <BrowserFrame label="The museum" path="/rooms/4/skerry-light">
        <MuseumPage phone={phone} />
      </BrowserFrame>
      <section className="voice-code" aria-label="Declaration and code">
        <Tabs
          label="Declaration and code"
          tabs={[
            { name: 'Declaration', content: <PartView line="voice-guide.json" body={declaration} /> },
            { name: 'Mint', content: <PartView body={mintCode} /> },
            { name: 'Redeem', content: <PartView body={startCode} /> },
          ]}
        />
      </section>
    </ScenePage>
  )
}
