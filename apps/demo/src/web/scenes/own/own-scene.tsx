import './own.css'
import { useEffect, useRef, useState } from 'react'
import widgetCode from '../../../widgets/own/main.ts?raw'
import { useWidgetMessages } from '../../calls/use-widget-messages.js'
import { PartView } from '../../flow/part-view.js'
import { useSettings } from '../../shell/settings.js'
import { BrowserFrame } from '../../stage/browser-frame.js'
import { Tabs } from '../../stage/tabs.js'
import { ScenePage } from '../scene-page.js'
import { mountRating } from './mount-rating.js'
import pageCode from './mount-rating.ts?raw'
import { ownAttempts } from './own-attempts.js'
import { ownFlow } from './own-flow.js'
import { RecipePage } from './recipe-page.js'

/** A widget of one's own: the code that is shown is the code that runs. */
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
      lead="Twenty lines for the page, twenty for the widget. The page proves its origin with a ticket, the widget gets a session for it, and your backend asks whose it is."
      flow={ownFlow}
      lanes={['browser', 'hallpass', 'widget-host', 'widget']}
      hint="Rate the potatoes."
      attempts={ownAttempts}
    >
      <BrowserFrame label="The magazine" path="/recipes/lemon-thyme-potatoes">
        <RecipePage place={place} />
      </BrowserFrame>
      <p className="scene-fact small" role="status">
        {stars === undefined
          ? 'The page has heard nothing from the widget yet.'
          : `The widget told the page: ${stars} of 5.`}
      </p>
      <section className="own-code" aria-label="The code">
        <Tabs
          label="The code"
          tabs={[
            { name: 'The widget', content: <PartView body={widgetCode} /> },
            { name: 'The page', content: <PartView body={pageCode} /> },
          ]}
        />
      </section>
    </ScenePage>
  )
}
