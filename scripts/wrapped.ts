const width = 120

/**
 * A paragraph or list of a generated page, with lines of at most 120 characters. Code spans and links stay whole.
 * Tables, headings, comments and fenced blocks stay as they are.
 */
export function wrapped(paragraph: string): string {
  if (/^(\||#|<|```)/.test(paragraph)) return paragraph
  return paragraph.split('\n').map(wrappedLine).join('\n')
}

function wrappedLine(line: string): string {
  const indent = line.startsWith('- ') ? '  ' : ''
  const words = line.match(/(?:`[^`]*`|\]\([^)]*\)|\S)+/g) ?? []
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(last === undefined ? word : `${indent}${word}`)
  }
  return lines.join('\n')
}
