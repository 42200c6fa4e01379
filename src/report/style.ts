import { inkProperties } from './ink.ts';

/** The report's look: on screens of all widths, in both themes, and on paper (always light). */
export const STYLE = `
:root{color-scheme:light dark;--back:#f6f7f9;--good:#00664a;--bad:#a13d00;--accent:#0b5c9e;${inkProperties('light')}}
@media screen and (prefers-color-scheme:dark){:root{--back:#121519;--good:#4fd6ae;--bad:#ff9d66;--accent:#7cc0f5;${inkProperties('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:14px/1.5 -apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans','Liberation Sans',Arial,sans-serif;-webkit-text-size-adjust:100%}
header,main,footer{max-width:860px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
h1{margin:0;font-size:26px;line-height:1.2;letter-spacing:-.01em}
h2{margin:40px 0 12px;font-size:18px;line-height:1.3}
h3{margin:0;font-size:15px;line-height:1.4}
p{margin:0}
a{color:var(--accent)}
.period{font-size:16px;margin-top:6px}
.muted,.note{color:var(--muted);font-size:12px}
.notice{margin-top:16px;padding:10px 14px;border:1px solid var(--line);border-left:3px solid var(--series-1);border-radius:6px;background:var(--surface)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:16px 0 0;padding:0;list-style:none}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:12px;margin:0}
.tile,article{background:var(--surface);border:1px solid var(--line);border-radius:8px}
.tile{padding:12px 14px}
.tile dt{color:var(--muted);font-size:12px}
.tile dd{margin:0}
.value{font-size:24px;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.change{font-size:12px;color:var(--muted)}
.good{color:var(--good)}
.bad{color:var(--bad)}
article{margin:0 0 16px;padding:16px 18px}
article>.question{color:var(--muted);margin-bottom:10px}
figure{margin:0 0 10px}
svg{display:block;width:100%;height:auto}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{width:100%;border-collapse:collapse;font-size:12px;font-variant-numeric:tabular-nums}
th,td{padding:5px 9px 5px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
th{color:var(--muted);font-weight:600;vertical-align:bottom;white-space:normal}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right}
td.text{min-width:7em;white-space:normal;overflow-wrap:anywhere}
.against{margin-bottom:16px}
.note{margin-top:6px}
footer{padding-top:8px;padding-bottom:48px}
footer ul{margin:8px 0 0;padding-left:18px;color:var(--muted);font-size:12px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:560px){
header,main,footer{padding-left:16px;padding-right:16px}
article{padding:14px}
figure{overflow-x:auto}
figure svg{min-width:560px}
.tiles{grid-template-columns:1fr 1fr;gap:8px}
.value{font-size:20px}
}
@media print{
@page{size:A4;margin:14mm 15mm 14mm}
body{background:#fff;font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
header,main,footer{max-width:none;padding:0}
nav{display:none}
h2{break-after:avoid;margin:14pt 0 7pt}
article{border:0;border-top:1px solid var(--line);border-radius:0;padding:7pt 0 0;margin:0 0 7pt}
article>.question{margin-bottom:3pt}
figure{margin-bottom:5pt}
.note{margin-top:3pt}
h3,.question{break-after:avoid}
figure,.tile,tr,.notice,footer{break-inside:avoid}
article.short{break-inside:avoid}
thead{display:table-header-group}
th,td{padding:2.5pt 6px 2.5pt 0}
table{font-size:8.5pt}
.tile{padding:7pt 9pt}
.tiles{grid-template-columns:repeat(4,1fr);gap:8pt}
.value{font-size:16pt}
.scroll{overflow:visible}
a{color:inherit;text-decoration:none}
}
`.replaceAll('\n', '');
