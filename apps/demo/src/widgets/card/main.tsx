import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../common/widget.css'
import './card.css'
import { CardApp } from './card-app.js'
import { readOpening } from './read-opening.js'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

const opening = readOpening(location.hash)
// the token is this page's from now on: neither the address nor the history keeps it
history.replaceState(history.state, '', location.pathname + location.search)

createRoot(root).render(
  <StrictMode>
    <CardApp opening={opening} />
  </StrictMode>,
)
