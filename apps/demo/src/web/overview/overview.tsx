import { Link } from '../shell/link.js'
import './overview.css'

const passes = [
  {
    to: '/pay',
    name: 'Bridge token',
    life: '4 hours',
    scene: 'Pay by bank',
    about: 'Opens the bank widget for one customer.',
  },
  {
    to: '/chat',
    name: 'Session token',
    life: '15 minutes',
    scene: 'Chat',
    about: 'Lets a visitor talk. Renewed by a token that changes at every use.',
  },
  {
    to: '/card',
    name: 'Card token',
    life: '5 minutes',
    scene: 'Card',
    about: 'Shows one card’s secret, once. Then it is spent.',
  },
  {
    to: '/own',
    name: 'Embed ticket',
    life: '60 seconds',
    scene: 'Your own widget',
    about: 'Proves to an iframe which page has embedded it.',
  },
] as const

const holders = [
  ['The page', 'in the browser, holds no secret. It carries passes.'],
  ['The backend', 'of the shop holds the secret key, and knows who is logged in.'],
  ['Hallpass', 'mints each pass, and remembers which are spent or taken back.'],
  ['The widget', 'on an origin of its own, does what its pass allows.'],
] as const

/** What this is, in half a minute, and where to go on. */
export function Overview() {
  return (
    <div className="page overview">
      <header className="overview-head">
        <h1>A pass for every widget, and for nothing else.</h1>
        <p>
          Hallpass hands out short-lived, narrow tokens for widgets on other people’s pages. Here are four sites that
          use it. Use them, watch every request, then try to break in.
        </p>
      </header>
      <ul className="overview-passes">
        {passes.map(({ to, name, life, scene, about }) => (
          <li key={to}>
            <Link to={to} className="ticket">
              <span className="ticket-stub">
                <span className="ticket-life">{life}</span>
              </span>
              <span className="ticket-text">
                <span className="ticket-scene">{scene}</span>
                <span className="ticket-name">{name}</span>
                <span className="ticket-about">{about}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <section className="overview-holders" aria-labelledby="holders-heading">
        <h2 id="holders-heading">Who holds what</h2>
        <dl>
          {holders.map(([who, what]) => (
            <div key={who}>
              <dt>{who}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p>
          Whoever runs it has a <Link to="/console">console</Link>: keys, allowlists, sessions, signing keys, and why
          each call was refused.
        </p>
      </section>
    </div>
  )
}
