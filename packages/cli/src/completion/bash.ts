import type { Outline } from './outline.js'

/** The completion script for bash. */
export function bashScript(outlines: readonly Outline[]): string {
  const [program] = outlines
  const globals = program?.flags ?? []
  const globalNames = globals.map(({ name }) => `--${name}`).join(' ')
  const withValue = globals.filter(({ takesValue }) => takesValue).map(({ name }) => `--${name}`)
  return `# bash completion for hallpass: source <(hallpass completion bash)
_hallpass() {
  local line=\${COMP_LINE-\${COMP_WORDS[*]}}
  line=\${line:0:\${COMP_POINT-\${#line}}}
  local -a words
  # split without globbing; bash would also break words at : and =
  read -r -a words <<<"$line"
  local cur=""
  [[ $line == *[[:space:]] ]] || { cur=\${words[-1]}; unset 'words[-1]'; }
  local prev=\${words[-1]} path="" i
  for ((i = 1; i < \${#words[@]}; i++)); do
    case \${words[i]} in
      ${withValue.join('|')}) ((i++)) ;;
      -*) [[ $path == *" "* ]] && break ;;
      *) path="\${path:+$path }\${words[i]}" ;;
    esac
    [[ $path == *" "* ]] && break
  done
  if [[ $cur == --*=* ]]; then prev=\${cur%%=*}; cur=\${cur#*=}; fi
  local flags="" next="" values=""
  case $path in
${outlines.map(pathCase).join('\n')}
  esac
  case "$path $prev" in
${valueCases(outlines).join('\n')}
  esac
  case $prev in
${globals
  .filter(({ values }) => values.length > 0)
  .map(({ name, values }) => `    --${name}) values=${quote(values.join(' '))} ;;`)
  .join('\n')}
  esac
  # no globbing, because * is a value of --scopes
  local IFS=$' \\t\\n' word
  COMPREPLY=()
  set -f
  if [[ -n $values ]]; then next=$values
  elif [[ $cur == -* ]]; then next="$flags ${globalNames} --help"
  fi
  for word in $next; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done
  set +f
  # readline keeps everything up to the colon
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${cur%:*}:"}"); fi
}
complete -o default -F _hallpass hallpass
`
}

function pathCase({ words, flags, next }: Outline): string {
  const names = words.length === 0 ? [] : flags.map(({ name }) => `--${name}`)
  return `    ${quote(words.join(' '))}) flags=${quote(names.join(' '))} next=${quote(next.join(' '))} ;;`
}

function valueCases(outlines: readonly Outline[]): string[] {
  return outlines
    .filter(({ words }) => words.length > 0)
    .flatMap(({ words, flags }) =>
      flags
        .filter(({ values }) => values.length > 0)
        .map(
          ({ name, values }) => `    ${quote(`${words.join(' ')} --${name}`)}) values=${quote(values.join(' '))} ;;`,
        ),
    )
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
