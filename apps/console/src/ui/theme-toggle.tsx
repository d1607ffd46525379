import { type Theme, useTheme } from './use-theme.js'

const icons: Readonly<Record<Theme, string>> = {
  system: 'M10 3a7 7 0 1 0 0 14V3Z M10 3a7 7 0 0 1 0 14',
  light:
    'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z M10 1.5v2 M10 16.5v2 M1.5 10h2 M16.5 10h2 M4 4l1.4 1.4 M14.6 14.6 16 16 M4 16l1.4-1.4 M14.6 5.4 16 4',
  dark: 'M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z',
}

/** Cycles through the system, light and dark themes. */
export function ThemeToggle() {
  const { theme, next } = useTheme()
  return (
    <button type="button" className="theme-toggle" onClick={next} title={`Theme: ${theme}`}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <path
          d={icons[theme]}
          fill={theme === 'light' ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          fillOpacity={theme === 'system' ? 0.9 : 1}
        />
      </svg>
      <span className="visually-hidden">Theme: {theme}. Change theme</span>
    </button>
  )
}
