/** A night train under the mountains. */
export function Night() {
  return (
    <svg className="night" viewBox="0 0 640 220" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <rect className="night-sky" width="640" height="220" />
      <circle className="night-moon" cx="520" cy="58" r="26" />
      <g className="night-star">
        <circle cx="60" cy="40" r="1.6" />
        <circle cx="140" cy="74" r="1.2" />
        <circle cx="230" cy="30" r="1.4" />
        <circle cx="330" cy="62" r="1.2" />
        <circle cx="410" cy="28" r="1.6" />
        <circle cx="600" cy="112" r="1.2" />
      </g>
      <path className="night-far" d="M0 150 80 92l62 44 74-78 92 84 70-48 84 62 82-70 96 66v68H0Z" />
      <path className="night-near" d="M0 182 96 138l84 34 96-52 110 58 92-36 162 44v40H0Z" />
      <path className="night-rail" d="M0 200h640" />
      <g className="night-train">
        <path d="M96 168h118v30H96zM222 168h118v30H222zM348 168h104c22 0 40 12 48 30H348z" />
        <path
          className="night-window"
          d="M108 176h18v9h-18zM134 176h18v9h-18zM160 176h18v9h-18zM186 176h18v9h-18zM234 176h18v9h-18zM260 176h18v9h-18zM286 176h18v9h-18zM312 176h18v9h-18zM360 176h18v9h-18zM386 176h18v9h-18zM412 176h18v9h-18zM450 176h16l8 9h-24z"
        />
      </g>
    </svg>
  )
}
