/** Parses a stream of Server-Sent Events (WHATWG HTML, section 9.2.6). Takes a chunk of text, returns the data of finished events. */
export type EventReader = (text: string) => readonly string[]

/** The reader throws at an event with more than `longest` characters. */
export function createEventReader(longest: number): EventReader {
  let rest = ''
  let data: string[] = []
  const endEvent = () => {
    const event = data.join('\n')
    data = []
    return event
  }
  return (text) => {
    const events: string[] = []
    // a long line arrives in many chunks; don't scan all of it again for each one
    const mayEnd = rest.endsWith('\r') || /[\r\n]/.test(text)
    rest += text
    const held = data.reduce((sum, line) => sum + line.length, 0)
    if (rest.length + held > longest) throw new Error('The event is too long.')
    if (!mayEnd) return events
    // a carriage return at the end may be the first half of a CRLF
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push(endEvent())
      } else if (line === 'data' || line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
    }
    return events
  }
}
