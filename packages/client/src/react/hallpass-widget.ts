import { type CSSProperties, createElement, type ReactElement, useEffect, useRef } from 'react'
import { type MountedWidget, type MountOptions, mountWidget } from '../embed/mount-widget.js'
import { useLatest } from './use-latest.js'

/** What to mount; `style` and `className` are those of the element around the iframe. */
export interface HallpassWidgetProps extends Omit<MountOptions, 'container' | 'fetch' | 'userId'> {
  readonly userId?: string | undefined
  /** Gives what was mounted, for `forget()` on logout, `upgrade()` and `post()`; again whenever it is mounted anew. */
  readonly onMounted?: (widget: MountedWidget) => void
  readonly className?: string
  readonly style?: CSSProperties
}

/**
 * A widget in a React page. It is mounted anew when what it is for changes; functions may be new at every render.
 * @example
 * <HallpassWidget baseUrl={baseUrl} clientKey="pk_live_…" widgetUrl="https://widgets.example.com/chat" />
 */
export function HallpassWidget(props: HallpassWidgetProps): ReactElement {
  const { baseUrl, clientKey, widgetUrl, userId, title, sandbox, allow, className, style } = props
  const hasVisitorToken = props.visitorToken !== undefined
  const place = useRef<HTMLDivElement>(null)
  const latest = useLatest(props)
  useEffect(() => {
    const container = place.current
    if (!container) return
    const widget = mountWidget({
      baseUrl,
      clientKey,
      widgetUrl,
      container,
      ...(userId === undefined ? {} : { userId }),
      ...(title === undefined ? {} : { title }),
      ...(sandbox === undefined ? {} : { sandbox }),
      ...(allow === undefined ? {} : { allow }),
      ...(hasVisitorToken ? { visitorToken: async () => latest.current.visitorToken?.() } : {}),
      onEvent: (event) => latest.current.onEvent?.(event),
      onMessage: (data) => latest.current.onMessage?.(data),
    })
    latest.current.onMounted?.(widget)
    return () => widget.unmount()
  }, [baseUrl, clientKey, widgetUrl, userId, title, sandbox, allow, hasVisitorToken, latest])
  return createElement('div', { ref: place, className, style })
}
