import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/bricolage-grotesque/wght.css'
import '@fontsource-variable/hanken-grotesk/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@hallpass/console/styles/tokens.css'
import '@hallpass/console/styles/base.css'
import '@hallpass/console/styles/controls.css'
import '@hallpass/console/styles/shell.css'
import './styles/flow.css'
import './styles/detail.css'
import './styles/scene.css'
import './styles/pass.css'
import { applyTheme } from '@hallpass/console/use-theme'
import { App } from './app.js'
import { loadSettings, SettingsProvider } from './shell/settings.js'

applyTheme()

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')

// render after the fonts have loaded, to avoid a layout shift
const fonts = [
  '700 1rem "Bricolage Grotesque Variable"',
  '1rem "Hanken Grotesk Variable"',
  '1rem "JetBrains Mono Variable"',
]
const [settings] = await Promise.all([
  loadSettings().catch(() => undefined),
  ...fonts.map((font) => document.fonts.load(font).catch(() => undefined)),
])

createRoot(root).render(
  <StrictMode>
    {settings ? (
      <SettingsProvider value={settings}>
        <App />
      </SettingsProvider>
    ) : (
      <p role="alert" className="page">
        The demo’s backend doesn’t respond. Start it again.
      </p>
    )}
  </StrictMode>,
)
