import type { MouseEvent, ReactNode } from 'react'
import { navigate } from './router.js'

interface Props {
  readonly to: string
  readonly children: ReactNode
  readonly className?: string
  readonly current?: boolean
}

/** A link within the site. Modified clicks keep the browser's behavior, such as opening a new tab. */
export function Link({ to, children, className, current }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    navigate(to)
  }
  return (
    <a href={to} className={className} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
