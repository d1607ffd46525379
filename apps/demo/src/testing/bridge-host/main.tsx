import { StraddleBridge as NewBridge } from '@straddlecom/bridge-react'
import { StraddleBridge as OldBridge } from '@straddleio/bridge-react'
import { createRoot } from 'react-dom/client'

/** A host page with the official component and all its callbacks. The URL sets the options. */
const query = new URLSearchParams(location.search)
const heard: [name: string, payload?: unknown][] = []
Object.assign(window, { heard })

const say =
  (name: string) =>
  (payload?: unknown): void =>
    void heard.push(payload === undefined ? [name] : [name, payload])

const common = {
  token: query.get('token') ?? '',
  appUrl: query.get('appUrl') ?? '',
  allowManualEntry: query.get('manual') !== 'false',
  onSuccess: say('onSuccess'),
  onSuccessCTAClicked: () => say('onSuccessCTAClicked')(),
  onClose: () => say('onClose')(),
  onManualEntry: () => say('onManualEntry')(),
  onRetry: () => say('onRetry')(),
  onLoadError: say('onLoadError'),
}

const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(query.get('client') === 'straddleio' ? <OldBridge {...common} /> : <NewBridge {...common} />)
}
