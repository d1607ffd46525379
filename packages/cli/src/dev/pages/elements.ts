/** Creates an element with properties and children. Text becomes a text node, so it can't contain markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** The content of a meta element that the server wrote into the page. */
export const metaOf = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''

/** Replaces what the page shows. */
export function show(...children: readonly (Node | string)[]): void {
  document.body.replaceChildren(element('main', {}, ...children))
}
