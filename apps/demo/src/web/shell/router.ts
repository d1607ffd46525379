import { useSyncExternalStore } from 'react'

/** Navigates within the demo without reloading the document. */
export function navigate(path: string): void {
  if (path === location.pathname) return
  history.pushState(undefined, '', path)
  window.dispatchEvent(new PopStateEvent('popstate'))
  window.scrollTo(0, 0)
}

/** The current path. */
export function usePath(): string {
  return useSyncExternalStore(listen, () => location.pathname)
}

function listen(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  return () => window.removeEventListener('popstate', onChange)
}
