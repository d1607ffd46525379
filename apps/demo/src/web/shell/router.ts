import { useSyncExternalStore } from 'react'

/** Shows another page of the demo without loading a document. */
export function navigate(path: string): void {
  if (path === location.pathname) return
  history.pushState(undefined, '', path)
  window.dispatchEvent(new PopStateEvent('popstate'))
  window.scrollTo(0, 0)
}

/** The path that the address bar shows. */
export function usePath(): string {
  return useSyncExternalStore(listen, () => location.pathname)
}

function listen(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  return () => window.removeEventListener('popstate', onChange)
}
