import { Link } from '@hallpass/console/link'
import { useSettings } from '../shell/settings.js'
import './overview.css'

const passes = [
  {
    to: '/pay',
    name: 'Bridge token',
    life: '4 hours',
    scene: 'Pay by bank',
    first: 'Press “Pay” and pick a bank.',
    about: 'Opens the bank widget for one customer.',
  },
  {
    to: '/chat',
    name: 'Session token',
    life: '15 minutes',
    scene: 'Chat',
    first: 'Open the chat, send a message, then log in.',
    about: 'Identifies a chat visitor. Renewed with a refresh token that rotates on every use.',
  },
  {
    to: '/card',
    name: 'Card token',
    life: '5 minutes',
    scene: 'Card',
    first: 'Show the card’s number.',
    about: 'Opens one widget for one card, and works only once.',
  },
  {
    to: '/voice',
    name: 'A kind of your own',
    life: '1 minute',
    scene: 'Voice call',
    first: 'Call the keeper, then call again with the same token.',
    about: 'Starts one call about one exhibit. You declare it in a file.',
  },
  {
    to: '/own',
    name: 'Embed ticket',
    life: '60 seconds',
    scene: 'Your own widget',
    first: 'Rate the potatoes, then read the code.',
    about: 'Proves to an iframe which page embeds it.',
  },
] as const

const holders = [
  ['The page', 'runs in the browser and holds no secrets. It only passes tokens on.'],
  ['The backend', 'of the shop holds the secret key and knows who is logged in.'],
  ['Hallpass', 'mints each token and remembers which ones are used or revoked.'],
  ['The widget', 'runs on its own origin and can do only what its token allows.'],
] as const

/** The start page: a short introduction, and links to the scenes. */
export function Overview() {
  const { hallpassUrl } = useSettings()
  return (
    <div className="page overview">
      <header className="overview-head">
        <h1>One pass per widget, good for nothing else.</h1>
        <p>
          Hallpass issues short-lived, narrowly scoped tokens for widgets on other people’s pages. These five sites use
          it. Try them, watch every request, then try to break in.
        </p>
        <p className="overview-start">
          <Link to="/pay" className="button">
            Start with a payment
          </Link>{' '}
          <a href={`${hallpassUrl}/docs`}>Read the API reference</a>
        </p>
      </header>
      <ul className="overview-passes">
        {passes.map(({ to, name, life, scene, about, first }) => (
          <li key={to}>
            <Link to={to} className="ticket">
              <span className="ticket-stub">
                <span className="ticket-life">{life}</span>
              </span>
              <span className="ticket-text">
                <span className="ticket-scene">{scene}</span>
                <span className="ticket-name">{name}</span>
                <span className="ticket-about">{about}</span>
                <span className="ticket-about">
                  <b>Try first:</b> {first}
                </span>
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
          Operators have a <a href={`${hallpassUrl}/console`}>console</a> for keys, allowed origins, sessions and
          signing keys. It also shows why a call was refused.
        </p>
      </section>
    </div>
  )
}
