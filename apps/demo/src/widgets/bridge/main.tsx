import '../common/widget.css'
import './bridge.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createAskWidgetHost } from '../common/ask-widget-host.js'
import { findParent } from '../common/parent.js'
import { BridgeApp } from './bridge-app.js'
import { createBridgeChannel } from './bridge-channel.js'

const parent = findParent()
const allowsManualEntry = new URLSearchParams(location.search).get('allowManualEntry') === 'true'
const root = document.querySelector('#root')
if (!root) throw new Error('The page has no #root element.')

createRoot(root).render(
  <StrictMode>
    <BridgeApp
      channel={createBridgeChannel(parent)}
      ask={createAskWidgetHost(parent, 'widget-host')}
      allowsManualEntry={allowsManualEntry}
    />
  </StrictMode>,
)
