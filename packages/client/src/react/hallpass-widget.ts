import { type CSSProperties, createElement, type ReactElement, useEffect, useRef } from 'react'
import type { MountedWidget, MountOptions } from '../embed/mount-options.js'
import { mountWidget } from '../embed/mount-widget.js'
import { useLatest } from './use-latest.js'

/** The widget to mount. `style` and `className` apply to the element around the iframe. */
export interface HallpassWidgetProps extends Omit<MountOptions, 'container' | 'fetch' | 'userId'> {
  readonly userId?: string | undefined
  /** Called with the widget whenever it is mounted. Use it for `forget()` on logout, `upgrade()` and `post()`. */
  readonly onMounted?: (widget: MountedWidget) => void
  readonly className?: string
  readonly style?: CSSProperties
}

/**
 * * A widget in a React page. It is remounted when a prop changes, except for functions, which can change on every render.
 * @example
 * <HallpassWidget baseUrl={baseUrl} clientKey="pk_live_…" widgetUrl="https://widgets.example.com/chat" />
 */
export function HallpassWidget(props: HallpassWidgetProps): ReactElement {
  const { baseUrl, clientKey, widgetUrl, userId, locale, title, sandbox, allow, credentialless } = props
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
      ...(locale === undefined ? {} : { locale }),
      ...(title === undefined ? {} : { title }),
      ...(sandbox === undefined ? {} : { sandbox }),
      ...(allow === undefined ? {} : { allow }),
      ...(latest.current.attributes === undefined ? {} : { attributes: latest.current.attributes }),
      ...(credentialless === undefined ? {} : { credentialless }),
      ...(hasVisitorToken ? { visitorToken: async () => latest.current.visitorToken?.() } : {}),
      onEvent: (event) => latest.current.onEvent?.(event),
      onMessage: (data) => latest.current.onMessage?.(data),
    })
    latest.current.onMounted?.(widget)
    return () => widget.unmount()
  }, [baseUrl, clientKey, widgetUrl, userId, locale, title, sandbox, allow, credentialless, hasVisitorToken, latest])
  return createElement('div', { ref: place, className: props.className, style: props.style })
}
