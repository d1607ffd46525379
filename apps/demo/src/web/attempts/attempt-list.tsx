import type { Flow } from '../flow/flow.js'
import type { Attempt } from './attempt.js'
import { AttemptCard } from './attempt-card.js'

/** The attacks that you can try in a scene. */
export function AttemptList({ attempts, flow }: { readonly attempts: readonly Attempt[]; readonly flow: Flow }) {
  return (
    <section className="attempts" aria-labelledby="attempts-heading">
      <header>
        <h2 id="attempts-heading">Try to break it</h2>
        <p className="quiet">Each button sends real requests and shows the real response.</p>
      </header>
      <ul className="attempt-list">
        {attempts.map((attempt) => (
          <AttemptCard key={attempt.id} attempt={attempt} flow={flow} />
        ))}
      </ul>
    </section>
  )
}
