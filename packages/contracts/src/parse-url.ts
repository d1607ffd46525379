/**
 * A URL, or undefined where the text is none. `URL.canParse` cannot be asked first: after some thousand calls the one of
 * Node 20 refuses `https://bücher.example`, because its compiled form reads Latin-1 as UTF-8.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
