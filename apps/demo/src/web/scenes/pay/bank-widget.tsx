import { StraddleBridge } from '@straddleio/bridge-react'
import { useEffect, useRef } from 'react'
import { useSettings } from '../../shell/settings.js'
import type { useCheckout } from './use-checkout.js'

type Handlers = Pick<
  ReturnType<typeof useCheckout>,
  'onSuccess' | 'onSuccessCTAClicked' | 'onClose' | 'onManualEntry' | 'onRetry' | 'onLoadError'
>

const fill = { width: '100%', height: '100%', border: '0' }

/** The official bank widget component, pointed at the demo's widget. */
export function BankWidget({ token, handlers }: { readonly token: string; readonly handlers: Handlers }) {
  const { widgetsUrl } = useSettings()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // the component's iframe has no title, which screen readers need
    place.current?.querySelector('iframe')?.setAttribute('title', 'Connect your bank')
  }, [])
  return (
    <div className="bank-widget">
      <div ref={place} className="bank-widget-place" />
      <StraddleBridge ref={place} appUrl={widgetsUrl} mode="sandbox" token={token} style={fill} {...handlers} />
    </div>
  )
}
