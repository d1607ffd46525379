import type { RefObject } from 'react'

/** A cooking magazine's page, with the widget at the end. */
export function RecipePage({ place }: { readonly place: RefObject<HTMLDivElement | null> }) {
  return (
    <article className="recipe">
      <header>
        <p className="recipe-name">The Long Table</p>
        <h2>Lemon and thyme potatoes, in one tin</h2>
        <p className="recipe-lead">
          Forty minutes, nine of them yours. The tin does the rest, and no one leaves a crust.
        </p>
      </header>
      <div className="recipe-columns">
        <ul>
          <li>1 kg small potatoes</li>
          <li>2 lemons</li>
          <li>A fist of thyme</li>
          <li>Olive oil, salt</li>
        </ul>
        <ol>
          <li>Halve what can be halved. Oil, salt and thyme over everything.</li>
          <li>Cut side down, 220 °C, until the edges are the color of toast.</li>
          <li>Lemon over it while it still complains.</li>
        </ol>
      </div>
      <div className="recipe-widget" ref={place} />
    </article>
  )
}
