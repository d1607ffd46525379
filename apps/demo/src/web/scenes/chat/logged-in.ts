const storageKey = 'hallpass-demo-logged-in'

/** Whether the user is logged in on the railway's site. Like a cookie, this applies to all tabs. */
export const readLoggedIn = (): boolean => localStorage.getItem(storageKey) === 'yes'

export function writeLoggedIn(isLoggedIn: boolean): void {
  if (isLoggedIn) localStorage.setItem(storageKey, 'yes')
  else localStorage.removeItem(storageKey)
}

/** Calls back when another tab logs in or out. Returns a function that stops watching. */
export function watchLoggedIn(onChange: () => void): () => void {
  const hear = ({ key }: StorageEvent) => key === storageKey && onChange()
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
