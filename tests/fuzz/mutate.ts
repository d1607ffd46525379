import type { Random } from './random.js'

const maxMutations = 4
/** Characters that are special in URLs, JSON, tokens, or code that compares and decodes them. */
const special = ['\0', '\t', '\n', ' ', '"', '%', '&', '+', '-', '.', '/', ':', ';', '=', '?', '@', '[', '\\', ']', '_']
const unusual = ['é', 'ß', 'İ', '\u212a', '中', '\u200d', '\ufeff', '\ud800', '\udc00', '😀', '\u00ad']

/** A text from the corpus with one to four changes. */
export function mutate(random: Random, corpus: readonly string[], words: readonly string[], longest: number): string {
  let text = random.pick(corpus) ?? ''
  for (let i = random.below(maxMutations); i >= 0; i--) {
    const change = random.pick(changes) ?? insertLetter
    text = change(text, { random, corpus, words })
  }
  return text.slice(0, longest)
}

interface Material {
  readonly random: Random
  readonly corpus: readonly string[]
  readonly words: readonly string[]
}

type Change = (text: string, material: Material) => string

const splice = (text: string, start: number, end: number, put: string) => text.slice(0, start) + put + text.slice(end)

/** Start and end of a piece. */
export function pieceOf(text: string, random: Random): readonly [number, number] {
  const start = random.below(text.length + 1)
  return [start, Math.min(text.length, start + random.below(random.below(4) === 0 ? text.length + 1 : 8))]
}

const letter = ({ random }: Material): string => {
  const kind = random.below(4)
  if (kind === 0) return random.pick(special) ?? ''
  if (kind === 1) return random.pick(unusual) ?? ''
  return String.fromCharCode(random.below(kind === 2 ? 0x80 : 0x1_0000))
}

const insertLetter: Change = (text, material) => {
  const at = material.random.below(text.length + 1)
  return splice(text, at, at, letter(material))
}

const changes: readonly Change[] = [
  insertLetter,
  (text, material) => {
    const at = material.random.below(text.length)
    return splice(text, at, at + 1, letter(material))
  },
  (text, { random }) => splice(text, ...pieceOf(text, random), ''),
  (text, { random }) => {
    const [start, end] = pieceOf(text, random)
    return splice(text, end, end, text.slice(start, end).repeat(1 + random.below(20)))
  },
  (text, { random, words }) => splice(text, ...pieceOf(text, random), random.pick(words) ?? ''),
  (text, { random, words }) => {
    const at = random.below(text.length + 1)
    return splice(text, at, at, random.pick(words) ?? '')
  },
  (text, { random, corpus }) => {
    const other = random.pick(corpus) ?? ''
    return splice(text, ...pieceOf(text, random), other.slice(...pieceOf(other, random)))
  },
  (text, { random, corpus }) =>
    text.slice(0, random.below(text.length + 1)) + (random.pick(corpus) ?? '').slice(random.below(20)),
  (text, { random }) => {
    const [start, end] = pieceOf(text, random)
    const piece = text.slice(start, end)
    return splice(text, start, end, random.below(2) === 0 ? piece.toUpperCase() : encodeLetters(piece))
  },
]

const encodeLetters = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
