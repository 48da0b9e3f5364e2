/** The name of the product, as it is written. */
export function Logo() {
  return (
    <span class="logo">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#28407a" />
        <path
          d="M8 10h16M8 16h11M8 22h6"
          fill="none"
          stroke="#fff"
          stroke-width="2.6"
          stroke-linecap="round"
        />
        <circle cx="22.5" cy="21.5" r="3" fill="#f2b84b" />
      </svg>
      <span class="logo-name">rekishi</span>
    </span>
  );
}
