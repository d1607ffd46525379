import { type FormEvent, useState } from 'react'

interface Props {
  readonly requestId: string
  readonly onSearch: (requestId: string) => void
}

/** Searches for the refusals of one request. An empty search lists all refusals. */
export function FindRequest({ requestId, onSearch }: Props) {
  const [written, setWritten] = useState(requestId)
  const search = (event: FormEvent) => {
    event.preventDefault()
    onSearch(written.trim())
  }
  return (
    <form className="inline-form" onSubmit={search}>
      <label className="field">
        <span>
          Find a refusal by its <code>Request-Id</code>
        </span>
        <input
          className="input"
          spellCheck={false}
          maxLength={200}
          placeholder="Leave empty to list all refusals"
          value={written}
          onChange={({ target }) => setWritten(target.value)}
        />
      </label>
      <button type="submit" className="button" data-look="quiet">
        Search
      </button>
    </form>
  )
}
