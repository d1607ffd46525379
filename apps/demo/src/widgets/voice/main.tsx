import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../common/widget.css'
import './voice.css'
import { readOpening } from './read-opening.js'
import { VoiceApp } from './voice-app.js'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')

const opening = readOpening(location.hash)
// removes the token from the address bar and the history
history.replaceState(history.state, '', location.pathname + location.search)

createRoot(root).render(
  <StrictMode>
    <VoiceApp opening={opening} />
  </StrictMode>,
)
