/** The goods: two cups and a bowl, thrown by hand. */
export function Pots() {
  return (
    <svg className="pots" viewBox="0 0 320 190" aria-hidden="true">
      <ellipse className="pots-shadow" cx="160" cy="170" rx="140" ry="9" />
      <path className="pots-bowl" d="M150 92h136c0 46-26 76-68 76s-68-30-68-76Z" />
      <ellipse className="pots-inside" cx="218" cy="92" rx="68" ry="11" />
      <path
        className="pots-glaze"
        d="M150 92c2 30 10 34 22 35 16 2 18-11 34-10 18 1 18 18 38 16 16-2 24-12 42-41-2 6-32 11-68 11s-66-5-68-11Z"
      />
      <path className="pots-cup" d="M34 62h76l-7 92c-1 9-7 14-16 14H57c-9 0-15-5-16-14Z" />
      <path className="pots-glaze" d="M34 62h76l-3 36c-9 9-16 2-24 3-11 1-12 14-24 12-9-1-12-10-22-15Z" />
      <ellipse className="pots-inside" cx="72" cy="62" rx="38" ry="7" />
      <path
        className="pots-speckle"
        d="M58 128h1M70 140h1M84 126h1M64 150h1M88 148h1M190 142h1M206 152h1M228 150h1M246 140h1M218 138h1"
      />
    </svg>
  )
}
