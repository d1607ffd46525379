import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../common/widget.css'
import './card.css'
import { CardApp } from './card-app.js'
import { readOpening } from './read-opening.js'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

createRoot(root).render(
  <StrictMode>
    <CardApp opening={readOpening(location.hash)} />
  </StrictMode>,
)
