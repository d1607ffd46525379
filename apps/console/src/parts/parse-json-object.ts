/** Null if the text isn’t a JSON object. The server checks what is in it. */
export function parseJsonObject<T extends object>(text: string): T | null {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
