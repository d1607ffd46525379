const rings = [96, 78, 61, 45, 30, 16]

/** A lighthouse lens from the front: rings of glass around a lamp, in a brass frame. */
export function Lens() {
  return (
    <svg className="lens" viewBox="0 0 240 240" aria-hidden="true">
      <defs>
        <radialGradient id="lens-glow">
          <stop offset="0" stopColor="#fff8dc" />
          <stop offset="0.35" stopColor="#ffd98a" />
          <stop offset="1" stopColor="#2c6f86" stopOpacity="0" />
        </radialGradient>
        <linearGradient id="lens-glass" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#bfe6e4" />
          <stop offset="0.5" stopColor="#3f8ea0" />
          <stop offset="1" stopColor="#163f53" />
        </linearGradient>
      </defs>
      <circle cx="120" cy="120" r="112" fill="#0d2736" stroke="#b98a44" strokeWidth="6" />
      {rings.map((radius) => (
        <circle
          key={radius}
          cx="120"
          cy="120"
          r={radius}
          fill="none"
          stroke="url(#lens-glass)"
          strokeWidth={radius > 70 ? 12 : 10}
        />
      ))}
      <circle className="lens-glow" cx="120" cy="120" r="92" fill="url(#lens-glow)" />
      <g stroke="#b98a44" strokeWidth="3">
        {[0, 45, 90, 135].map((angle) => (
          <line key={angle} x1="120" y1="10" x2="120" y2="230" transform={`rotate(${angle} 120 120)`} opacity="0.55" />
        ))}
      </g>
      <circle cx="120" cy="120" r="9" fill="#fffbe8" />
    </svg>
  )
}
