import type { DemoSettings } from '../shared/backend-api.js'
import { SceneSection } from './components/scene-section.js'
import { WalkStatus } from './components/walk-status.js'
import { scenes } from './scenes/scenes.js'
import { useWalk } from './use-walk.js'

/** The page: every token flow, to be walked with real requests. */
export function App({ settings }: { readonly settings: DemoSettings }) {
  const { walk, takeStep, takeAll } = useWalk(settings)
  return (
    <>
      <header className="page-header">
        <h1>Hallpass</h1>
        <p className="lead">
          Short-lived, narrow passes for embeddable widgets. Every step below is a real request: from this page, or from
          the shop’s backend, which alone holds the secret key, to the Hallpass at{' '}
          <a href={`${settings.hallpassUrl}/openapi.json`}>{new URL(settings.hallpassUrl).host}</a>.
        </p>
        <nav aria-label="Flows">
          <ul>
            {scenes.map(({ id, title }) => (
              <li key={id}>
                <a href={`#${id}`}>{title}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="walk">
          <button type="button" aria-disabled={walk.running !== undefined} onClick={() => takeAll(scenes)}>
            Run every step
          </button>
          <WalkStatus scenes={scenes} walk={walk} />
        </div>
      </header>
      <main>
        {scenes.map((scene) => (
          <SceneSection key={scene.id} scene={scene} walk={walk} onTake={takeStep} />
        ))}
      </main>
    </>
  )
}
