import { useEffect, useState } from 'react'
import { useSettings } from '../shell/settings.js'
import { type SignatureCheck, verifySignature } from './verify-signature.js'

/** Checks a token's signature in this browser and says what came of it. */
export function SignatureLine({ raw }: { readonly raw: string }) {
  const { hallpassUrl } = useSettings()
  const [check, setCheck] = useState<SignatureCheck>()
  useEffect(() => {
    let isStale = false
    verifySignature(raw, hallpassUrl).then((result) => {
      if (!isStale) setCheck(result)
    })
    return () => {
      isStale = true
    }
  }, [raw, hallpassUrl])
  if (!check) return <p className="signature">Checking the signature…</p>
  return (
    <p className="signature" data-kind={check.valid ? 'good' : 'bad'}>
      {check.valid ? (
        <>
          Signature checked in this browser: {check.alg}, key <code>{check.kid.slice(0, 8)}…</code> of the published set
        </>
      ) : (
        <>Signature refused in this browser: {check.why}</>
      )}
    </p>
  )
}
