import { useSyncExternalStore } from 'react'

/** Navigates within the site without reloading the document. */
export function navigate(path: string): void {
  if (path === location.pathname + location.search) return
  history.pushState(undefined, '', path)
  announceChange()
  window.scrollTo(0, 0)
}

/** The current path, without the query. */
export function usePath(): string {
  return useSyncExternalStore(listen, () => location.pathname)
}

/** A parameter of the query, and a function that changes it without a new entry in the browser's history. */
export function useParameter(name: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(listen, () => new URLSearchParams(location.search).get(name) ?? '')
  const change = (next: string) => {
    const url = new URL(location.href)
    if (next === '') url.searchParams.delete(name)
    else url.searchParams.set(name, next)
    history.replaceState(undefined, '', url)
    announceChange()
  }
  return [value, change]
}

function announceChange(): void {
  window.dispatchEvent(new PopStateEvent('popstate'))
}

function listen(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  return () => window.removeEventListener('popstate', onChange)
}
