/** The style of the reference page. */
export const PAGE_STYLE = `:root {
  --back: #fff; --panel: #f6f7f9; --line: #e2e5ea; --text: #1c2330; --soft: #5a6577; --accent: #1f5fd1;
  --code-back: #0f172a; --code-text: #dbe4f3; --get: #0b7a4b; --post: #1f5fd1; --put: #9a5b00; --delete: #b3261e;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1218; --panel: #161b24; --line: #262d3a; --text: #e4e9f2; --soft: #9aa6b8; --accent: #7fb0ff;
    --code-back: #0a0d13; --code-text: #d3ddee; --get: #4fd39a; --post: #7fb0ff; --put: #f0b455; --delete: #ff8a80;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.6 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font: 13px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 2; background: var(--back); padding: .5rem; }
header { position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; align-items: center;
  height: 3.25rem; padding: 0 1.5rem; background: var(--back); border-bottom: 1px solid var(--line); }
.brand { color: var(--text); font-weight: 650; font-size: 1.05rem; }
.brand small { color: var(--soft); font-weight: 400; margin-left: .35rem; }
.columns { display: grid; grid-template-columns: 18rem minmax(0, 1fr); }
nav { position: sticky; top: 3.25rem; align-self: start; height: calc(100vh - 3.25rem); overflow-y: auto;
  padding: 1rem 1rem 3rem 1.5rem; border-right: 1px solid var(--line); font-size: 13.5px; }
nav h2 { margin: 1.1rem 0 .3rem; font-size: 12px; text-transform: uppercase; letter-spacing: .05em; }
nav h2 a { color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; gap: .5rem; padding: .22rem 0; color: var(--text); line-height: 1.35; }
nav b { flex: 0 0 3rem; }
b.get, b.post, b.put, b.patch, b.delete { font: 600 11px/1.7 ui-monospace, Menlo, Consolas, monospace; text-transform: uppercase; }
.get { color: var(--get); } .post { color: var(--post); } .put, .patch { color: var(--put); } .delete { color: var(--delete); }
main { padding: 1.5rem 2.5rem 6rem; max-width: 84rem; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: .5rem 0 1rem; }
main h2 { font-size: 1.4rem; margin: 3rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 0 0 .25rem; }
h3 a { color: var(--text); }
h4 { margin: 1.25rem 0 .25rem; font-size: 12px; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); }
p { margin: .5rem 0; max-width: 44rem; }
article { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 27rem); gap: 2.5rem;
  padding: 2rem 0; border-top: 1px solid var(--line); }
article:target { box-shadow: -1.25rem 0 0 var(--back), -1.45rem 0 0 var(--accent); }
.path { margin: 0 0 .75rem; }
.path code { font-size: 13.5px; overflow-wrap: anywhere; }
p code, dd code, dt code, td code { background: var(--panel); border-radius: 4px; padding: .1em .3em; }
.samples pre, .intro pre, .guide pre { margin: 0 0 .75rem; padding: .9rem 1rem; background: var(--code-back); color: var(--code-text);
  border-radius: 8px; border: 1px solid var(--line); overflow: auto; max-height: 44rem; }
.samples { align-self: start; position: sticky; top: 4.25rem; }
.status { margin: .25rem 0; font-size: 12.5px; color: var(--soft); }
.errors { font-size: 12.5px; color: var(--soft); }
dl { margin: .25rem 0 0; }
dt { padding-top: .55rem; border-top: 1px solid var(--line); }
dl dl { margin-left: .25rem; padding-left: 1rem; border-left: 2px solid var(--line); }
dl dl dt:first-child { border-top: 0; }
dt span { color: var(--soft); font-size: 12.5px; margin-left: .25rem; }
dt em { color: var(--put); font-style: normal; font-size: 12px; }
dd { margin: 0 0 .55rem; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); }
th { font-size: 12px; color: var(--soft); }
td:last-child { color: var(--soft); }
td code { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--accent); font-size: 13.5px; margin-top: 1rem; }
@media (max-width: 70rem) { article { grid-template-columns: minmax(0, 1fr); gap: 1rem; } .samples { position: static; } }
@media (max-width: 48rem) {
  .columns { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1rem 1.25rem 4rem; }
}
@media print { nav, header { display: none; } .columns { display: block; } .samples { position: static; } }
`;
