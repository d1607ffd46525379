import { useEffect } from 'react'
import type { List } from './use-list.js'

interface Props {
  readonly list: List<unknown>
  readonly value: string
  readonly onChange: (value: string) => void
  /** How many of the loaded items match. */
  readonly shown: number
  /** What the filter searches. */
  readonly what?: string
}

/** Filters the loaded items of a list. If none matches, it loads more. */
export function Filter({ list, value, onChange, shown, what = 'Filter by name or id' }: Props) {
  const { items, hasMore, isLoading, more } = list
  const isMissing = value !== '' && shown === 0 && hasMore && !isLoading
  // biome-ignore lint/correctness/useExhaustiveDependencies: `more` changes at each render
  useEffect(() => {
    if (isMissing) more()
  }, [isMissing])
  const loaded = items?.length ?? 0
  return (
    <div className="filter">
      <label className="field">
        <span className="visually-hidden">Filter</span>
        <input
          className="input"
          type="search"
          data-size="small"
          placeholder={what}
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <span role="status" className="quiet small">
        {value === '' ? '' : `${shown} of ${loaded}${hasMore ? ' loaded so far' : ''}`}
      </span>
    </div>
  )
}

/** The items that contain the text, in any case. */
export function filterItems<T>(
  items: readonly T[] | undefined,
  wanted: string,
  textOf: (item: T) => readonly (string | null)[],
): readonly T[] {
  const text = wanted.trim().toLowerCase()
  if (text === '') return items ?? []
  return (items ?? []).filter((item) => textOf(item).some((part) => part?.toLowerCase().includes(text)))
}
