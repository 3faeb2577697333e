"""The page of `mcalc serve`: one box for a formula, and all that is said of it while it is typed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from mcalc.api import differentiated, read_value, scope_of, worked_out
from mcalc.expr import shape_text
from mcalc.render.mathml import NAMESPACE, element
from mcalc.render.safe import safe
from mcalc.results import Derivative
from mcalc.shell.report_html import STYLE_OF_REPORTS, code_part, derivation, graph_part, proof_part, result_part

if TYPE_CHECKING:
    from mcalc.results import Expression

FIRST = "½ ‖X w - y‖² + λ/2 ‖w‖²"
HINT = "As in a paper, in ASCII (d/dw, x^T, .*), LaTeX or NumPy. A click on a name gives it another shape."
MORE = """
form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin:0 0 1rem}
form input[type=text]{flex:1 1 18rem;font:1.1rem/1.4 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;
padding:.55rem .8rem;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink)}
select,button{font:inherit;padding:.35rem .7rem;border:1px solid var(--line);border-radius:8px;background:var(--card);
color:var(--ink);cursor:pointer}
input:focus-visible,select:focus-visible,button:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
#names{display:flex;flex-wrap:wrap;gap:.4rem;min-height:2.2rem}
#reading{min-height:3.2rem;overflow-x:auto}
#mistake{white-space:pre-wrap;min-height:0}
#mistake:empty{display:none}
.late{opacity:.55}
.hint{color:var(--soft);font-size:.85rem}
"""
SCRIPT = """
const token = document.body.dataset.token, at = id => document.getElementById(id);
const box = at("formula"), by = at("by"), names = at("names"), whole = at("whole");
let orders = {}, asked = 0, timer = 0;
function later() { clearTimeout(timer); whole.classList.add("late"); timer = setTimeout(ask, 180); }
async function ask() {
  const number = ++asked, text = box.value.trim();
  if (!text) { for (const id of ["reading", "mistake", "names", "whole"]) at(id).textContent = ""; return; }
  let said;
  try {
    const reply = await fetch("/derive", {method: "POST", headers: {"X-Token": token},
      body: JSON.stringify({text, wrt: by.value, orders})});
    said = reply.ok ? await reply.json() : {mistake: await reply.text()};
  } catch (trouble) { said = {mistake: "mcalc serve does not answer any more"}; }
  if (number !== asked) return;
  whole.classList.toggle("late", !!said.mistake);
  at("mistake").textContent = said.mistake || "";
  if (said.mistake) return;
  at("reading").innerHTML = said.reading;
  at("whole").innerHTML = said.whole;
  const chosen = said.wrt;
  by.replaceChildren(...said.names.map(one => new Option(one.name, one.plain, false, one.plain === chosen)));
  by.disabled = said.asks;
  names.replaceChildren(...said.names.map(one => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = one.says;
    chip.title = "another shape";
    chip.onclick = () => { orders[one.plain] = ((orders[one.plain] ?? one.order) + 1) % 3; ask().then(() => {
      const again = [...names.children].find(other => other.textContent.startsWith(one.name + ":"));
      if (again) again.focus();
    }); };
    return chip;
  }));
}
box.oninput = () => { orders = {}; later(); };
by.onchange = ask;
document.querySelector("form").onsubmit = event => { event.preventDefault(); ask(); };
const first = new URLSearchParams(location.search).get("q");
if (first) box.value = first;
history.replaceState(null, "", location.pathname + "?token=" + token);
ask();
box.focus();
"""


def page(token: str, nonce: str) -> str:
    """Return the page; `nonce` is what its own script has that no other has."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>mcalc</title>\n<style>{STYLE_OF_REPORTS}{MORE}</style></head>\n"
        f'<body data-token="{escape(token)}">\n<main>\n<h1>mcalc</h1>\n'
        '<form><input type="text" id="formula" aria-label="formula" autocomplete="off" autocapitalize="off" '
        f'spellcheck="false" value="{FIRST}"><label class="hint">by <select id="by"></select></label></form>\n'
        '<div id="names" aria-label="names: a click gives another shape"></div>\n'
        '<div id="reading" aria-live="polite"></div>\n<pre id="mistake" role="alert"></pre>\n'
        '<div id="whole" aria-live="polite"></div>\n'
        f'<p class="hint">{HINT}</p>\n'
        f'</main>\n<script nonce="{nonce}">{SCRIPT}</script>\n</body></html>\n'
    )


def answer(text: str, wrt: str | None, orders: dict[str, int]) -> dict[str, Any]:
    """Return the parts of the page for a formula: how it is read, its names, and all of its derivative.

    It is by `wrt`, where that is one of its names, else by the first vector or matrix, else by the first name.
    """
    scope = scope_of(None)
    scope.orders = dict(orders)
    reading = read_value(text, scope)
    value: Expression = worked_out(reading)
    asks = isinstance(value, Derivative)
    symbols = [node for node in value.symbols if node.op.name == "symbol" and not node.args]
    plain = [str(node.attr[0]) for node in symbols]
    if not asks and symbols:
        wider = [name for name, node in zip(plain, symbols, strict=True) if len(node.shape) == 1]
        wrt = wrt if wrt in plain else (wider or plain)[0]
        again = scope_of(None)
        again.orders = dict(orders)
        value = differentiated(read_value(text, again, wrt), wrt)
    found = value.function if isinstance(value, Derivative) else value.expr
    said = [
        {
            "name": value.written(node),
            "plain": name,
            "order": len(node.shape),
            "says": f"{value.written(node)}: {shape_text(node.shape)}",
        }
        for name, node in zip(plain, symbols, strict=True)
    ]
    inner = element(found, set(value.taken))
    return {
        "reading": f'<math xmlns="{NAMESPACE}" display="block">{inner}</math>',
        "names": said,
        "wrt": value.variables[0].attr[0] if isinstance(value, Derivative) and value.variables else "",
        "asks": asks,
        "whole": _whole(value),
    }


def _whole(value: Expression) -> str:
    if not isinstance(value, Derivative):
        return f'<p class="note">{escape(safe(value.shape_words))}</p>'
    parts = [
        f"<h2>Derivative</h2>\n{result_part(value)}",
        f"<h2>Derivation</h2>\n{derivation(value)}",
        f"<h2>Checked by numbers</h2>\n{proof_part(value)}",
        *code_part(value, 0),
        *graph_part(value),
    ]
    return "\n".join(parts)
