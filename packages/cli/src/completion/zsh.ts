import type { Outline, OutlineFlag } from './outline.js'

/** The completion script for zsh. */
export function zshScript(outlines: readonly Outline[]): string {
  const globals = outlines[0]?.flags ?? []
  const withValue = globals.filter(({ takesValue }) => takesValue).map(({ name }) => `--${name}`)
  return `#compdef hallpass
# zsh completion for hallpass: source <(hallpass completion zsh), or save it as _hallpass in a folder of $fpath
_hallpass() {
  local at='' word i cur=\${words[CURRENT]} prev=\${words[CURRENT-1]}
  local -a next flags values
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case $word in
      (${withValue.join('|')}) ((i++)) ;;
      (-*) [[ $at == *' '* ]] && break ;;
      (*) at="\${at:+$at }$word" ;;
    esac
    [[ $at == *' '* ]] && break
  done
  case $at in
${outlines.map((outline) => pathCase(outline, outlines)).join('\n')}
  esac
  flags+=(${globals.map(flagEntry).join(' ')} '--help:Show this help.')
  if [[ $cur == --*=* ]]; then prev=\${cur%%=*}; cur=''; compset -P '*='; fi
  case "$at $prev" in
${outlines.flatMap(valueCases).join('\n')}
  esac
  if (( \${#values} )); then compadd -- "\${values[@]}"
  elif [[ $cur == -* ]]; then _describe -o 'flag' flags
  elif (( \${#next} )); then _describe 'command' next
  else _files
  fi
}
if [[ \${funcstack[1]} == _hallpass ]]; then _hallpass "$@"; else compdef _hallpass hallpass; fi
`
}

function pathCase({ words, flags, next }: Outline, all: readonly Outline[]): string {
  const children = next.map((word) => {
    const child = all.find((other) => other.words.join(' ') === [...words, word].join(' '))
    return entry(word, child?.description ?? '')
  })
  const own = words.length === 0 ? [] : flags.map(flagEntry)
  return `    (${quote(words.join(' '))}) next=(${children.join(' ')}) flags=(${own.join(' ')}) ;;`
}

function valueCases({ words, flags }: Outline): string[] {
  return flags
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => {
      const pattern = words.length === 0 ? `*${quote(` --${name}`)}` : quote(`${words.join(' ')} --${name}`)
      return `    (${pattern}) values=(${values.map(quote).join(' ')}) ;;`
    })
}

const flagEntry = ({ name, description }: OutlineFlag) => entry(`--${name}`, description)

/** `_describe` splits at the first unescaped colon. */
function entry(word: string, description: string): string {
  return quote(`${word.replaceAll(':', '\\:')}${description ? `:${description}` : ''}`)
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
