import type { Flow } from '../flow/flow.js'
import type { Attempt } from './attempt.js'
import { AttemptCard } from './attempt-card.js'

/** What one may try in a scene, to see it stopped. */
export function AttemptList({ attempts, flow }: { readonly attempts: readonly Attempt[]; readonly flow: Flow }) {
  return (
    <section className="attempts" aria-labelledby="attempts-heading">
      <header>
        <h2 id="attempts-heading">Try to break it</h2>
        <p className="quiet">Each button makes real requests. What comes back is shown as it came.</p>
      </header>
      <ul className="attempt-list">
        {attempts.map((attempt) => (
          <AttemptCard key={attempt.id} attempt={attempt} flow={flow} />
        ))}
      </ul>
    </section>
  )
}
