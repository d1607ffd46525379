import type { Refusal } from '../../shared/backend-api.js'

/** The error of the last attempt. */
export function Problem({ refusal }: { readonly refusal: Refusal | undefined }) {
  return (
    <p role="alert" className="problem">
      {refusal?.message}
    </p>
  )
}
