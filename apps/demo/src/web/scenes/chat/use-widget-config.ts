import type { WidgetConfig } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import { recordingFetch } from '../../calls/recording-fetch.js'
import { useSettings } from '../../shell/settings.js'
import { chatFlow } from './chat-flow.js'

/** How the client key wants its launcher to look; undefined until it is known, and when this page may not know. */
export function useWidgetConfig(): WidgetConfig | undefined {
  const { hallpassUrl, clientKey } = useSettings()
  const [config, setConfig] = useState<WidgetConfig>()
  useEffect(() => {
    const url = `${hallpassUrl}/api/v1/widget/config?${new URLSearchParams({ client_key: clientKey })}`
    recordingFetch(chatFlow)(url)
      // the body is what the documented contract says it is
      .then(async (response) => response.ok && setConfig((await response.json()) as WidgetConfig))
      // the flow shows that no answer came
      .catch(() => undefined)
  }, [hallpassUrl, clientKey])
  return config
}
