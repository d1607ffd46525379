import type { Format } from '../globals.js'
import { paintJson } from './paint-json.js'

/** How a JSON value is to be printed. */
export interface Layout {
  readonly format: Exclude<Format, 'auto'>
  readonly colour: boolean
}

/** A JSON value as text that ends with a line break. `raw` prints a text without its quotes, as a script wants a token. */
export async function formatValue(value: unknown, { format, colour }: Layout): Promise<string> {
  if (format === 'yaml') {
    const { stringify } = await import('yaml')
    return stringify(value, { lineWidth: 0 })
  }
  if (format === 'jsonl')
    return (Array.isArray(value) ? value : [value]).map((item) => `${JSON.stringify(item)}\n`).join('')
  if (format === 'raw') return `${typeof value === 'string' ? value : JSON.stringify(value)}\n`
  const json = JSON.stringify(value, null, 2)
  return `${format === 'pretty' && colour ? paintJson(json) : json}\n`
}

/** What `auto` means. */
export function resolveFormat(format: Format, isTTY: boolean): Layout['format'] {
  if (format !== 'auto') return format
  return isTTY ? 'pretty' : 'json'
}
