const storageKey = 'hallpass-demo-logged-in'

/** Whether somebody is logged in at the railway: in every tab, as a cookie would have it. */
export const readLoggedIn = (): boolean => localStorage.getItem(storageKey) === 'yes'

export function writeLoggedIn(isLoggedIn: boolean): void {
  if (isLoggedIn) localStorage.setItem(storageKey, 'yes')
  else localStorage.removeItem(storageKey)
}

/** Calls back when another tab logs in or out; the result stops that. */
export function watchLoggedIn(onChange: () => void): () => void {
  const hear = ({ key }: StorageEvent) => key === storageKey && onChange()
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
