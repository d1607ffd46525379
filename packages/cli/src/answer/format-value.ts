import type { Format } from '../globals.js'
import { paintJson } from './paint-json.js'

/** How to print a JSON value. */
export interface Layout {
  readonly format: Exclude<Format, 'auto'>
  readonly color: boolean
}

/** Formats a JSON value and adds a line break. `raw` prints a string without quotes, so a script can use it directly. */
export async function formatValue(value: unknown, { format, color }: Layout): Promise<string> {
  if (format === 'yaml') {
    const { stringify } = await import('../yaml.js')
    return stringify(value, { lineWidth: 0 })
  }
  if (format === 'jsonl')
    return (Array.isArray(value) ? value : [value]).map((item) => `${JSON.stringify(item)}\n`).join('')
  if (format === 'raw') return `${typeof value === 'string' ? value : JSON.stringify(value)}\n`
  const json = JSON.stringify(value, null, 2)
  return `${format === 'pretty' && color ? paintJson(json) : json}\n`
}

/** Resolves `auto`. */
export function resolveFormat(format: Format, isTTY: boolean): Layout['format'] {
  if (format !== 'auto') return format
  return isTTY ? 'pretty' : 'json'
}
