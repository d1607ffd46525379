import { useEffect, useRef } from 'react'
import { useHolds, useSession } from '../session/session.js'
import { Brand } from '../ui/brand.js'
import { Link } from '../ui/link.js'
import { usePath } from '../ui/router.js'
import { ThemeToggle } from '../ui/theme-toggle.js'
import { Identity } from './identity.js'
import { findSection, type Section, sections } from './sections.js'

/** The console after signing in: who is signed in, the navigation, and the section of the current address. */
export function Shell() {
  const path = usePath()
  const section = findSection(path)
  const { account, signOut } = useSession()
  useTitle(section?.name ?? 'Page not found')
  return (
    <>
      <header className="site-header console-header">
        <a className="skip-link" href="#content">
          Skip to content
        </a>
        <Brand to="/console" />
        <Identity />
        <div className="actions">
          <ThemeToggle />
          <button type="button" className="button" data-look="quiet" data-size="small" onClick={signOut}>
            Sign out
          </button>
        </div>
      </header>
      <div className="page console">
        <Navigation current={section} />
        <main id="content" tabIndex={-1} className="console-section">
          <Heading name={section?.name ?? 'Page not found'} />
          {/* another account is another page: nothing of the last one stays */}
          {section ? <Content key={account.id} section={section} /> : <NotFound />}
        </main>
      </div>
    </>
  )
}

function Navigation({ current }: { readonly current: Section | undefined }) {
  const list = useRef<HTMLUListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: on narrow screens the list scrolls to the open section
  useEffect(() => {
    // not scrollIntoView, which would make the next Tab start there
    const link = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (link) list.current?.scrollTo({ left: link.offsetLeft - list.current.offsetLeft })
  }, [current])
  return (
    <nav className="console-nav" aria-label="Console">
      <ul ref={list}>
        {sections.map((known) => (
          <li key={known.path}>
            <Link to={known.path} current={known === current}>
              {known.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Content({ section: { Content: Body, isReading } }: { readonly section: Section }) {
  const canChange = useHolds('admin')
  return (
    <>
      {!canChange && !isReading && (
        <p className="note">
          This key can only read. To change anything, sign in with a key that has the scope <code>admin</code>.
        </p>
      )}
      <Body />
    </>
  )
}

/** The heading of the page. After a change of address it gets the focus, so that a screen reader reads it out. */
function Heading({ name }: { readonly name: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const isFirst = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another section opens
  useEffect(() => {
    if (!isFirst.current) heading.current?.focus()
    isFirst.current = false
  }, [name])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {name}
    </h1>
  )
}

const NotFound = () => (
  <p>
    The console has no page at this address. <Link to="/console/activity">Go to Activity</Link>
  </p>
)

function useTitle(name: string): void {
  const { account } = useSession()
  useEffect(() => {
    document.title = `${name} · ${account.name || account.tenant} · Hallpass console`
  }, [name, account])
}
