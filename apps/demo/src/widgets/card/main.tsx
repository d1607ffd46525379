import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../common/widget.css'
import './card.css'
import { CardApp } from './card-app.js'
import { readOpening } from './read-opening.js'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')

const opening = readOpening(location.hash)
// removes the token from the address bar and the history
history.replaceState(history.state, '', location.pathname + location.search)

createRoot(root).render(
  <StrictMode>
    <CardApp opening={opening} />
  </StrictMode>,
)
