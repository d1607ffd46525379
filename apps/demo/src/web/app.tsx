import { usePath } from '@hallpass/console/router'
import { lazy, Suspense, useEffect } from 'react'
import { Overview } from './overview/overview.js'
import { Header } from './shell/header.js'
import { pages } from './shell/pages.js'
import { useSettings } from './shell/settings.js'

const contents: Readonly<Record<string, React.ComponentType>> = {
  '/': Overview,
  '/pay': lazy(async () => ({ default: (await import('./scenes/pay/pay-scene.js')).PayScene })),
  '/card': lazy(async () => ({ default: (await import('./scenes/card/card-scene.js')).CardScene })),
  '/chat': lazy(async () => ({ default: (await import('./scenes/chat/chat-scene.js')).ChatScene })),
  '/own': lazy(async () => ({ default: (await import('./scenes/own/own-scene.js')).OwnScene })),
}

/** The demo: its header, the page for the current path, and the footer. */
export function App() {
  const path = usePath()
  const page = pages.find((known) => known.path === path) ?? pages[0]
  const Content = contents[page.path] ?? Overview
  const { hallpassUrl } = useSettings()
  useEffect(() => {
    document.title = page.path === '/' ? 'Hallpass demo' : `${page.name} · Hallpass demo`
  }, [page])
  return (
    <>
      <Header path={page.path} />
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
          <a href={`${hallpassUrl}/openapi.json`}>OpenAPI</a>
        </p>
      </footer>
    </>
  )
}
