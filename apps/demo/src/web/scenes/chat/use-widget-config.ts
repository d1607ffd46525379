import type { WidgetConfig } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import { recordingFetch } from '../../calls/recording-fetch.js'
import { useSettings } from '../../shell/settings.js'
import { chatFlow } from '../flows.js'

/** The widget config of the client key. Undefined until it has loaded, and if this page isn't allowed to load it. */
export function useWidgetConfig(): WidgetConfig | undefined {
  const { hallpassUrl, clientKey } = useSettings()
  const [config, setConfig] = useState<WidgetConfig>()
  useEffect(() => {
    const url = `${hallpassUrl}/api/v1/widget/config?${new URLSearchParams({ client_key: clientKey })}`
    recordingFetch(chatFlow)(url)
      // the documented response body
      .then(async (response) => response.ok && setConfig((await response.json()) as WidgetConfig))
      // the diagram shows the failed call
      .catch(() => undefined)
  }, [hallpassUrl, clientKey])
  return config
}
