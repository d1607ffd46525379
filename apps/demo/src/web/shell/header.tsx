import { Brand } from '@hallpass/console/brand'
import { Link } from '@hallpass/console/link'
import { ThemeToggle } from '@hallpass/console/theme-toggle'
import { pages } from './pages.js'
import { useSettings } from './settings.js'

/** The header with the navigation. */
export function Header({ path }: { readonly path: string }) {
  const { hallpassUrl } = useSettings()
  return (
    <header className="site-header">
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <Brand to="/" />
      <nav aria-label="Demo" className="site-nav">
        <ul>
          {pages.slice(1).map(({ path: to, name }) => (
            <li key={to}>
              <Link to={to} current={to === path}>
                {name}
              </Link>
            </li>
          ))}
          <li>
            <a href={`${hallpassUrl}/console`}>Console</a>
          </li>
        </ul>
      </nav>
      <ThemeToggle />
    </header>
  )
}
