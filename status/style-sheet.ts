/** The page's inline style: system fonts, light and dark by the reader's own setting, no request to anywhere. */
export const STYLE_SHEET: string = `
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c1d1f;--dim:#5d6166;--line:#d9dadc;--card:#fff;--good:#1a6b3c;--open:#865400;--bad:#b3261e;--bar:#3557b7}
@media(prefers-color-scheme:dark){:root{--bg:#131416;--fg:#e7e8ea;--dim:#a0a5ab;--line:#33363a;--card:#1b1d20;--good:#67c98d;--open:#e8b454;--bad:#ff8a80;--bar:#8ba7f5}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--bg);color:var(--fg);font:16px/1.45 system-ui,sans-serif;font-variant-numeric:tabular-nums}
header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline}
h1{font-size:1.1rem;margin:0}h2{font-size:1rem;margin:0;overflow-wrap:anywhere}h3{font-size:1rem;margin:2rem 0 .5rem}
.dim{color:var(--dim);font-size:.875rem}
section{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--line);border-radius:6px;padding:1rem 1.25rem;margin:1rem 0}
section.good{border-left-color:var(--good)}section.open{border-left-color:var(--open)}section.bad{border-left-color:var(--bad)}
.headline{font-size:1.6rem;line-height:1.2;font-weight:650;margin:.2rem 0 .8rem}
.good>.headline,.tag.good{color:var(--good)}.open>.headline,.tag.open{color:var(--open)}.bad>.headline,.tag.bad{color:var(--bad)}
.tag{border:1px solid;border-radius:4px;padding:0 .4em;font-weight:600;white-space:nowrap}
.incident,.problems{border:1px solid var(--bad);border-radius:6px;padding:.6rem .9rem;margin:0 0 1rem}
.doubt{border:1px solid var(--open);border-radius:6px;padding:.6rem .9rem;margin:0 0 1rem}
.incident p,.problems p,.doubt p{margin:.2rem 0}
dl{display:flex;flex-wrap:wrap;gap:.6rem 2.5rem;margin:0 0 1rem}dt{color:var(--dim);font-size:.875rem}dd{margin:0;font-weight:600}dd.dim{font-weight:400}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-top:1px solid var(--line)}th{border-top:0;font-size:.875rem;font-weight:600;color:var(--dim)}
.bar{display:inline-block;width:5rem;height:.6rem;border:1px solid var(--dim);border-radius:3px;overflow:hidden}.bar i{display:block;height:100%;background:var(--bar)}
.stack{display:inline-flex;width:14rem;max-width:100%;height:.8rem;border:1px solid var(--dim);border-radius:3px;overflow:hidden}.stack i{display:block;height:100%}
.stack .improvement{background:var(--good)}.stack .neutral{background:var(--line)}.stack .regression{background:var(--bad)}.stack .novel{background:var(--bar)}.stack .undecided{background:repeating-linear-gradient(45deg,var(--open) 0 3px,transparent 3px 6px)}
td.text{overflow-wrap:anywhere}td.time,td.figure{white-space:nowrap}`;
