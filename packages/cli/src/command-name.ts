/** The words of a command: `hallpass <resource> <command>`. */
export interface CommandName {
  readonly resource: string
  readonly command: string
}

/** Resources whose command name differs from the operation's id. */
const resourceWords: Readonly<Record<string, string>> = { card: 'cards' }

/** `visitor.userToken` is `visitor user-token`; `admin.apiKeys.create` is `api-keys create`. */
export function commandNameOf(operationId: string): CommandName {
  const parts = operationId.split('.')
  const resource = parts.at(-2) ?? ''
  return { resource: resourceWords[resource] ?? toKebabCase(resource), command: toKebabCase(parts.at(-1) ?? '') }
}

/** `customer_id` and `userToken` become `customer-id` and `user-token`. */
export function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
}
