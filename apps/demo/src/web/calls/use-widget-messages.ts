import { useEffect } from 'react'
import { type CallsMessage, demoMessages } from '../../shared/messages.js'
import { messageSeen } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'
import { useSettings } from '../shell/settings.js'

/** Frequent messages that explain nothing. */
const ignoredMessages = ['ping', 'console']

/** Adds to a flow the messages from the widget's frame, and the calls that the frame reports. */
export function useWidgetMessages(flow: Flow): void {
  const { widgetsUrl } = useSettings()
  useEffect(() => {
    const hear = ({ origin, data }: MessageEvent<unknown>) => {
      if (origin !== widgetsUrl || !hasType(data)) return
      if (isCalls(data)) flow.add(...data.calls)
      else if (!ignoredMessages.includes(lastPart(data.type))) {
        const { type, ...body } = data
        flow.add(
          messageSeen({ from: 'widget', to: 'browser', type, ...(Object.keys(body).length > 0 ? { body } : {}) }),
        )
      }
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [flow, widgetsUrl])
}

const lastPart = (type: string) => type.split('/').at(-1) ?? type

const hasType = (data: unknown): data is { readonly type: string } =>
  typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string'

const isCalls = (data: { readonly type: string }): data is CallsMessage => data.type === demoMessages.calls
