import { HallpassClientError } from '@hallpass/client'

/** Shows the service's error message, or nothing if there was no error. */
export function Problem({ error }: { readonly error: unknown }) {
  if (error === undefined) return null
  return (
    <p className="problem" role="alert">
      {error instanceof HallpassClientError ? (
        <>
          <code>{error.reason}</code> {error.message}
          {itemsOf(error).map((item) => (
            <span key={item} className="problem-item">
              {item}
            </span>
          ))}
        </>
      ) : (
        'Something went wrong in the console. Reload the page. If it happens again, report it.'
      )}
    </p>
  )
}

/** The issues with the input, except the one that is the message. */
function itemsOf({ message, details }: HallpassClientError): string[] {
  const items = (details.items ?? []).map(({ reference, detail }) => [reference, detail].filter(Boolean).join(' '))
  return items.filter((item) => !message.startsWith(item))
}
