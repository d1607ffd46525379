import { HallpassClientError } from '@hallpass/client'

/** Shows the service's error message, or nothing if there was no error. */
export function Problem({ error }: { readonly error: unknown }) {
  if (error === undefined) return null
  return (
    <p className="problem" role="alert">
      {error instanceof HallpassClientError ? (
        <>
          <code>{error.reason}</code> {error.message}
          {error.details.items?.map(({ reference, detail }) => (
            <span key={`${reference} ${detail}`} className="problem-item">
              {reference === undefined ? detail : `${reference} ${detail}`}
            </span>
          ))}
        </>
      ) : (
        'Something went wrong in the console. Reload the page. If it happens again, report it.'
      )}
    </p>
  )
}
