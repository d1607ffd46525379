const maxLength = 72
const types = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test']
const form = new RegExp(`^(?:${types.join('|')})(?:\\([a-z][a-z0-9-]*\\))?!?: (?<change>.+)$`)
/** First words that start a statement instead of an instruction. */
const noVerb = /^(?:an?|the|this|these|that|one|two|each|every|all|no|it|its|there|when|if|\d.*)$/
/** Verbs of another form, such as "added", "adding" and "adds". */
const otherForm = /(?:ed|ing|[^su]s)$/
const imperative = /^(?:bring|bypass|embed|exceed|feed|need|ping|proceed|seed|shed|speed|string)$/

/** What is wrong with the title of a commit. Undefined if nothing is. */
export function commitTitleFault(title: string): string | undefined {
  if (title.length > maxLength) return `It has ${title.length} characters. Use at most ${maxLength}.`
  const change = form.exec(title)?.groups?.change
  if (change === undefined) return `It must be "type(scope): change". The type is one of ${types.join(', ')}.`
  if (change.endsWith('.')) return 'Remove the full stop at the end.'
  const [first = ''] = change.split(' ')
  if (/^[A-Z][a-z]/.test(first)) return 'Start the change with a lower case letter.'
  if (noVerb.test(first) || (otherForm.test(first) && !imperative.test(first))) {
    return 'Start the change with a verb in the imperative, such as "add" or "fix".'
  }
  return undefined
}
