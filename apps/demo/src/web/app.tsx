import { usePath } from '@hallpass/console/router'
import { lazy, Suspense, useEffect } from 'react'
import { Overview } from './overview/overview.js'
import { Header } from './shell/header.js'
import { NotFound } from './shell/not-found.js'
import { Outages } from './shell/outages.js'
import { pages } from './shell/pages.js'
import { useSettings } from './shell/settings.js'

const contents: Readonly<Record<string, React.ComponentType>> = {
  '/': Overview,
  '/pay': lazy(async () => ({ default: (await import('./scenes/pay/pay-scene.js')).PayScene })),
  '/card': lazy(async () => ({ default: (await import('./scenes/card/card-scene.js')).CardScene })),
  '/chat': lazy(async () => ({ default: (await import('./scenes/chat/chat-scene.js')).ChatScene })),
  '/voice': lazy(async () => ({ default: (await import('./scenes/voice/voice-scene.js')).VoiceScene })),
  '/own': lazy(async () => ({ default: (await import('./scenes/own/own-scene.js')).OwnScene })),
}

/** The demo: its header, the page for the current path, and the footer. */
export function App() {
  const path = usePath()
  const page = pages.find((known) => known.path === path)
  const Content = contents[path] ?? NotFound
  const { hallpassUrl } = useSettings()
  useEffect(() => {
    document.title = path === '/' ? 'Hallpass demo' : `${page?.name ?? 'Page not found'} · Hallpass demo`
  }, [path, page])
  return (
    <>
      <Outages />
      <Header path={path} />
      <main id="content" tabIndex={-1}>
        <Suspense>
          <Content />
        </Suspense>
      </main>
      <footer className="site-footer">
        <p>
          Nothing here is simulated: every arrow is a real request, and Hallpass runs at {new URL(hallpassUrl).host}.
        </p>
        <p>
          <a href={`${hallpassUrl}/docs`}>API reference</a> ·{' '}
          <a href={`${hallpassUrl}/openapi.json`}>OpenAPI document</a> · <a href={`${hallpassUrl}/console`}>Console</a>
        </p>
      </footer>
    </>
  )
}
