/** A fenced block of a Markdown page. */
export interface CodeBlock {
  readonly language: string
  /** The rest of the info string after the language, such as `run`. */
  readonly marks: readonly string[]
  readonly text: string
}

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w*)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', marks = '', text = '']) => ({
      language,
      marks: marks.split(/\s+/).filter((mark) => mark !== ''),
      text,
    }),
  )
}

/** The lines of a page outside fenced blocks, with their numbers. */
export function linesOf(markdown: string): { readonly number: number; readonly text: string }[] {
  const blank = (block: string) => block.replace(/[^\n]/g, '')
  const lines = markdown.replace(/^ *```[\s\S]*?^ *```$/gm, blank).split('\n')
  return lines.map((text, index) => ({ number: index + 1, text }))
}

/** The targets of a page's links and images. */
export function linksOf(markdown: string): string[] {
  const prose = withoutCode(markdown)
  const inline = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
  const html = [...prose.matchAll(/\b(?:src|href)="([^"]+)"/g)]
  return [...inline, ...html].map(([, target = '']) => target)
}

/** The anchors that GitHub generates for a page's headings. */
export function anchorsOf(markdown: string): string[] {
  return [...withoutCode(markdown, '```').matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function withoutCode(markdown: string, fence?: '```'): string {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '')
  return fence ? prose : prose.replace(/`[^`\n]*`/g, '')
}
