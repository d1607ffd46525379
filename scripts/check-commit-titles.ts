import { execFileSync } from 'node:child_process'
import { commitTitleFault } from './commit-title.js'

/** The check applies to the commits after the one that added this file. */
const thisFile = 'scripts/check-commit-titles.ts'

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()

/** The titles to check, or undefined if git or the history is missing. */
function readTitles(): string[] | undefined {
  try {
    // in a shallow clone, the oldest commit seems to add all files, and the commits after it are checked
    const added = git('log', '--diff-filter=A', '--format=%H', '--', thisFile).split('\n').at(-1)
    if (!added) return undefined
    return git('log', '--no-merges', '--format=%s', `${added}..HEAD`)
      .split('\n')
      .filter((title) => title !== '')
  } catch {
    return undefined
  }
}

const titles = readTitles()
const faults = (titles ?? []).flatMap((title) => {
  const fault = commitTitleFault(title)
  return fault === undefined ? [] : [`${title}\n  ${fault}`]
})
const summary = titles
  ? `${titles.length} commit titles checked, ${faults.length} invalid.`
  : 'Commit titles are not checked, because there is no git history.'
process.stdout.write(`${summary}\n`)
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`)
  process.exitCode = 1
}
