import type { Outline, OutlineFlag } from './outline.js'

/** The completion script for fish. */
export function fishScript(outlines: readonly Outline[]): string {
  const globals = outlines[0]?.flags ?? []
  const withValue = globals.filter(({ takesValue }) => takesValue).map(({ name }) => `--${name}`)
  return `# fish completion for hallpass: hallpass completion fish | source
function __hallpass_at --description 'whether the command so far is exactly this'
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case ${withValue.join(' ')}
                set skip 1
            case '-*'
                test (count $path) -ge 2; and break
            case '*'
                set -a path $word
        end
        test (count $path) -ge 2; and break
    end
    test "$path" = "$argv"
end
complete -c hallpass -e
complete -c hallpass -f -l help -s h -d 'Show this help.'
${globals.map((flag) => flagLine(flag)).join('\n')}
${outlines.flatMap(linesOf(outlines)).join('\n')}
`
}

const linesOf = (all: readonly Outline[]) => (outline: Outline) => {
  const at = quote(`__hallpass_at ${outline.words.join(' ')}`.trimEnd())
  const children = outline.next.map((word) => {
    const child = all.find(({ words }) => words.join(' ') === [...outline.words, word].join(' '))
    return `complete -c hallpass -f -n ${at} -a ${quote(word)}${described(child?.description ?? '')}`
  })
  const flags = outline.words.length === 0 ? [] : outline.flags.map((flag) => flagLine(flag, at))
  return [...children, ...flags]
}

function flagLine({ name, description, takesValue, values }: OutlineFlag, at?: string): string {
  const value =
    values.length > 0 ? ` -x -a ${quote(values.map((text) => `'${text}'`).join(' '))}` : takesValue ? ' -r' : ' -f'
  return `complete -c hallpass${at ? ` -n ${at}` : ''} -l ${name}${value}${described(description)}`
}

const described = (description: string) => (description ? ` -d ${quote(description)}` : '')
const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
