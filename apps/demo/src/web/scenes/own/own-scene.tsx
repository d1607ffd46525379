import './own.css'
import { useEffect, useRef, useState } from 'react'
import widgetCode from '../../../widgets/own/main.ts?raw'
import { useWidgetMessages } from '../../calls/use-widget-messages.js'
import { PartView } from '../../flow/part-view.js'
import { useSettings } from '../../shell/settings.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { Tabs } from '../../stage/tabs.js'
import { ownFlow } from '../flows.js'
import { projects } from '../projects.js'
import { ScenePage } from '../scene-page.js'
import { mountRating } from './mount-rating.js'
import pageCode from './mount-rating.ts?raw'
import { ownAttempts } from './own-attempts.js'
import { RecipePage } from './recipe-page.js'

/** Your own widget. The scene shows the code that runs. */
export function OwnScene() {
  const settings = useSettings()
  const place = useRef<HTMLDivElement>(null)
  const [stars, setStars] = useState<number>()
  useWidgetMessages(ownFlow)
  useEffect(() => {
    if (!place.current) return
    const widget = mountRating(place.current, settings, setStars)
    return () => widget.unmount()
  }, [settings])
  return (
    <ScenePage
      title="Your own widget"
      lead="Twenty lines of code for the page, twenty for the widget. The page proves its origin with a ticket, the widget gets a session for the ticket, and your backend asks Hallpass whose session it is."
      flow={ownFlow}
      lanes={['browser', 'hallpass', 'widget-host', 'widget']}
      hint="Rate the potatoes."
      attempts={ownAttempts}
      project={projects.own}
    >
      <BrowserFrame label="The magazine" path="/recipes/lemon-thyme-potatoes">
        <RecipePage place={place} />
      </BrowserFrame>
      <p className="scene-fact small" role="status">
        {stars === undefined
          ? 'The page hasn’t received a message from the widget yet.'
          : `Message from the widget: ${stars} of 5.`}
      </p>
      <section className="own-code" aria-label="Code">
        <Tabs
          label="Code"
          tabs={[
            { name: 'Widget', content: <PartView body={widgetCode} /> },
            { name: 'Page', content: <PartView body={pageCode} /> },
          ]}
        />
      </section>
    </ScenePage>
  )
}
