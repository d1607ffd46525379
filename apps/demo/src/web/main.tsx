import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { loadSettings } from './calls/load-settings.js'
import './styles/page.css'
import './styles/results.css'
import './styles/scenes.css'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

const settings = await loadSettings().catch(() => undefined)

createRoot(root).render(
  <StrictMode>
    {settings ? <App settings={settings} /> : <p role="alert">The demo’s backend does not answer. Start it again.</p>}
  </StrictMode>,
)
