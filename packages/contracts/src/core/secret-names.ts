/** Replaces a credential or a token in a log or a record. */
export const redacted = '<REDACTED>'

const secretName = /(^|[_-])(token|ticket|secret|password|authorization|cookie)$/i

/** Whether a field or a header with this name contains a credential or a token. */
export const isSecretName = (name: string): boolean => secretName.test(name)
