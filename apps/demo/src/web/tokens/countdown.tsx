import { useEffect, useState } from 'react'

/** The remaining lifetime of a token. */
export function Countdown({ expiresAtSeconds }: { readonly expiresAtSeconds: number }) {
  const left = Math.ceil(expiresAtSeconds - useNow() / 1000)
  return (
    <span className="countdown" data-over={left <= 0}>
      {left > 0 ? formatDuration(left) : 'expired'}
    </span>
  )
}

/** Formats seconds as `h:mm:ss` or `m:ss`. */
function formatDuration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** The current time, updated every second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
