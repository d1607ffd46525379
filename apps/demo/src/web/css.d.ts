import 'react'

declare module 'react' {
  interface CSSProperties {
    /** Positions that the stylesheet calculates with. */
    [custom: `--${string}`]: string | number | undefined
  }
}
