import 'react'

declare module 'react' {
  interface CSSProperties {
    /** The CSS custom properties that components set. */
    [custom: `--${string}`]: string | number | undefined
  }
}
