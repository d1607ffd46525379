import { subjects } from './report.js'
import type { Result } from './summarize.js'

const rowHeight = 22
const labelWidth = 470
const barWidth = 430
/** Bars of more than so many times the floor are cut off. */
const widest = 16

const colors: Readonly<Record<string, string>> = { 'hallpass-sqlite': '#2563eb', 'hallpass-postgres': '#7c3aed' }

/** The multiples of the floor as bars, in SVG. The line marks the floor. */
export function chart(results: readonly Result[]): string {
  const rows = results.filter(({ subject, failure }) => failure === undefined && !subject.startsWith('floor-'))
  const x = (multiple: number) => labelWidth + (Math.min(multiple, widest) / widest) * barWidth
  const bars = rows.map(({ name, subject, ratio }, row) => {
    const y = 10 + row * rowHeight
    const label = `${name} · ${subjects[subject].title}`
    return `  <text x="${labelWidth - 10}" y="${y + 14}" text-anchor="end">${escaped(label)}</text>
  <rect x="${labelWidth}" y="${y + 2}" width="${(x(ratio.median) - labelWidth).toFixed(1)}" height="16" fill="${colors[subject] ?? '#9ca3af'}"/>
  <text x="${(x(ratio.median) + 6).toFixed(1)}" y="${y + 14}">${ratio.median.toFixed(1)}</text>`
  })
  const height = 20 + rows.length * rowHeight
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 ${height}" font-family="system-ui, sans-serif" font-size="12">
  <title>CPU time of a call, as a multiple of the floor</title>
  <rect width="960" height="${height}" fill="#ffffff"/>
${bars.join('\n')}
  <line x1="${x(1)}" y1="6" x2="${x(1)}" y2="${height - 6}" stroke="#dc2626" stroke-dasharray="4 3"/>
</svg>
`
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
