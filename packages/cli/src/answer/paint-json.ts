const colors = { key: 34, string: 32, number: 33, word: 35 } as const

/** Adds terminal colors to JSON text. */
export function paintJson(json: string): string {
  return json.replace(
    /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
    (token, text: string | undefined, colon: string | undefined) => {
      if (text === undefined) return paint(/^[tfn]/.test(token) ? 'word' : 'number', token)
      return colon === undefined ? paint('string', text) : paint('key', text) + colon
    },
  )
}

const paint = (what: keyof typeof colors, text: string) => `\u001b[${colors[what]}m${text}\u001b[39m`
