/**
 * Parses a URL, or returns undefined if the text isn't valid. Don't use `URL.canParse`: after a few thousand calls, its
 * optimized form in Node 20 rejects `https://bücher.example`, because it reads Latin-1 as UTF-8.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
