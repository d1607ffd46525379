const storageKey = 'hallpass-demo-logged-in'

/** Whether somebody is logged in at the railway: for this tab, as a session cookie would have it. */
export const readLoggedIn = (): boolean => sessionStorage.getItem(storageKey) === 'yes'

export function writeLoggedIn(isLoggedIn: boolean): void {
  if (isLoggedIn) sessionStorage.setItem(storageKey, 'yes')
  else sessionStorage.removeItem(storageKey)
}
