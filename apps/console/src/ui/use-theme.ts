import { useState } from 'react'

/** The theme of the page. `system` follows the operating system. */
export type Theme = 'system' | 'light' | 'dark'

const themes: readonly Theme[] = ['system', 'light', 'dark']
const storageKey = 'hallpass-theme'

/** Sets the theme on the document, where the stylesheet reads it. */
export function applyTheme(theme: Theme = readTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

/** The chosen theme, and a function that selects the next one. */
export function useTheme() {
  const [theme, setTheme] = useState(readTheme)
  return {
    theme,
    next: () => {
      const chosen = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
      localStorage.setItem(storageKey, chosen)
      applyTheme(chosen)
      setTheme(chosen)
    },
  }
}

function readTheme(): Theme {
  const stored = localStorage.getItem(storageKey)
  return themes.find((theme) => theme === stored) ?? 'system'
}
