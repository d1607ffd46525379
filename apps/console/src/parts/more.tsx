import { SmallButton } from './small-button.js'
import type { List } from './use-list.js'

/** Loads the next page of a list, if there is one. */
export function More({ list: { hasMore, more } }: { readonly list: Pick<List<unknown>, 'hasMore' | 'more'> }) {
  return hasMore ? <SmallButton onClick={more}>More</SmallButton> : null
}
