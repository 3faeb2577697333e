"""The line editor: what prompt_toolkit is told, so that a line is coloured, completed, previewed and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.formatted_text import StyleAndTextTuples, split_lines
from prompt_toolkit.history import History
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from mcalc.api import derive
from mcalc.render.terminal import THEMES, style_of, terminal_width
from mcalc.shell.repl.background import STOPPED, Background, interrupts_noted
from mcalc.shell.repl.desk import Desk
from mcalc.shell.repl.first_prompt import PROMPT, FirstPrompt
from mcalc.shell.repl.help_pages import TABLE, typed
from mcalc.shell.repl.typed_lines import HistoryFile, is_complete, line_pieces
from mcalc.shell.repl.typing_aids import candidates, fitted, previews

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document

GOES_ON = "  ...> "
LONGEST_PREVIEW = 2.0
"""Seconds that a derivative may take to be shown while the line is still typed."""


class Editor:
    """Asks for lines on a terminal."""

    def __init__(self, desk: Desk, history: HistoryFile, first: FirstPrompt) -> None:
        self.desk = desk
        self.first = first
        self.said: list[str] = []
        self.asked = 0
        self.is_late = False  # whether Ctrl-C came when no line was being typed: before, or just after Enter
        self.background = Background(self._previews, self._publish)
        color = desk.output.color
        self.session: PromptSession[str] = PromptSession(
            PROMPT,
            multiline=True,
            prompt_continuation=lambda width, number, wraps: " " * width if wraps else GOES_ON,
            lexer=_Colours(desk),
            completer=_Completions(desk),
            complete_while_typing=False,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=6,
            history=_History(history, desk),
            enable_history_search=True,
            auto_suggest=AutoSuggestFromHistory(),
            key_bindings=_keys(self._interrupted_late),
            bottom_toolbar=self._toolbar,
            style=_style(desk.output.theme),
            color_depth=ColorDepth.DEPTH_4_BIT if color else ColorDepth.DEPTH_1_BIT,
            input=_input(first),
        )
        self.session.app.after_render += self._rendered
        self.session.default_buffer.on_text_changed += self._changed

    def ask(self) -> str:
        """Return the next line; raises EOFError at Ctrl-D, and KeyboardInterrupt at Ctrl-C on an empty line.

        A line that Ctrl-C follows at once is dropped.
        """
        self.session.editing_mode = EditingMode.VI if self.desk.is_on("vi") else EditingMode.EMACS
        self.session.style = _style(self.desk.output.theme)
        self.said = []
        self.is_late = self.first.end()
        self._request("")
        with interrupts_noted(self._interrupted_late):
            try:
                text = self.session.prompt(pre_run=self._ready)
            finally:
                # What is worked out for the toolbar must not run beside the statement.
                self.background.rest()
        if not self.is_late:
            return text
        self.desk.say(STOPPED)
        return ""

    def _ready(self) -> None:
        """Take what came before the prompt was there as an interrupt of an empty line."""
        if self.is_late:
            self.is_late = False
            self.session.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    def _interrupted_late(self) -> None:
        self.is_late = True

    def _rendered(self, app: object) -> None:
        """Load what the first line will need, while it is being typed."""
        self.session.app.after_render -= self._rendered
        self.background.ask(_prepared)
        self._request(self.session.default_buffer.text)

    # the toolbar --------------------------------------------------------------------------------------------------

    def _changed(self, buffer: Buffer) -> None:
        self._request(buffer.text)
        app = get_app_or_none()
        # An interrupt while the last line was ending may have left a loop that is closed.
        if app is not None and app.loop is not None and not app.loop.is_closed():
            asked = self.asked
            app.loop.call_later(LONGEST_PREVIEW, self._give_up, asked)

    def _request(self, text: str) -> None:
        self.asked += 1
        if self.desk.is_on("preview"):
            self.background.ask((self.asked, text))
        else:
            self.said = []

    def _give_up(self, asked: int) -> None:
        if asked == self.asked:
            self.background.ask(None)

    def _previews(self, request: Any) -> Iterator[tuple[int, list[str]]]:
        """Yield what is to be said, with the number of the keystroke it is for."""
        asked, text = request
        for said in previews(text, self.desk):
            yield asked, said

    def _publish(self, found: tuple[int, list[str]]) -> None:
        asked, said = found
        app = self.session.app
        if asked == self.asked and said != self.said:
            self.said = said
            app.invalidate()

    def _toolbar(self) -> StyleAndTextTuples | None:
        if not self.desk.is_on("preview"):
            return None
        columns = terminal_width(self.desk.output.out) - 1
        return [("", fitted(self.said, columns, glyphs=self.desk.output.unicode))]


def _input(first: FirstPrompt) -> Input:
    """Return the keys of the terminal; after the first line it has the mode from before the first prompt again."""
    found = create_input()
    plain = found.raw_mode

    def raw_mode() -> AbstractContextManager[None]:
        made: Any = plain()
        before = first.taken_over()
        if before is not None:
            made.attrs_before = before
        return made  # type: ignore[no-any-return]

    found.raw_mode = raw_mode  # type: ignore[method-assign]
    return found


def _prepared() -> None:
    """Make all that a derivative and its check load be there."""
    derive("∂/∂w max(0, w·x + b)").check()


def _keys(interrupted_late: Callable[[], None]) -> KeyBindings:
    """Return the keys that are not those of every line editor; `interrupted_late` is called at Ctrl-C after Enter."""
    keys = KeyBindings()

    @keys.add("enter")
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None
        elif is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("tab")
    def tab(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        name = typed(buffer.document.text_before_cursor)
        if buffer.complete_state is not None:
            buffer.complete_next()
        elif name is not None and name in TABLE:
            buffer.delete_before_cursor(len(name) + 1)
            buffer.insert_text(TABLE[name])
        else:
            buffer.start_completion(insert_common_part=True)

    @keys.add("c-c")
    @keys.add("<sigint>")
    def interrupt(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if event.app.is_done or not event.app.is_running:
            interrupted_late()
        elif buffer.text:
            buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return keys


class _Colours(Lexer):
    """Gives the pieces of a line the colours of their roles."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        pieces = line_pieces(document.text, self.desk.sheet.scope.functions)
        styled: StyleAndTextTuples = [(f"class:{role}", text) for text, role in pieces]
        lines = list(split_lines(styled))
        return lambda number: lines[number] if number < len(lines) else []


class _Completions(Completer):
    """What may stand at the cursor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for found in candidates(document.text_before_cursor, self.desk):
            yield Completion(found.text, -found.length, display=found.shown, display_meta=found.says)


class _History(History):
    """The history file; a line that begins with a blank, and all that is typed while history is off, is not in it."""

    def __init__(self, file: HistoryFile, desk: Desk) -> None:
        super().__init__()
        self.file = file
        self.desk = desk

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self.file.load())

    def store_string(self, string: str) -> None:
        if self.desk.is_on("history"):
            self.file.add(string)

    def append_string(self, string: str) -> None:
        if not string[:1].isspace():
            super().append_string(string)


def _style(theme: str) -> Style:
    """Return the colours of the printers, for the roles of a line."""
    words = {"cyan": "ansicyan", "blue": "ansiblue", "magenta": "ansimagenta", "yellow": "ansiyellow", "red": "ansired",
             "green": "ansigreen", "dim": "ansibrightblack", "bold": "bold"}  # fmt: skip
    roles = THEMES.get(theme, THEMES["dark"])
    found = {role: " ".join([words[word] for word in (style_of(role, theme) or "").split()]) for role in roles}
    return Style.from_dict({**found, "prompt": "bold", "bottom-toolbar": "noreverse ansibrightblack"})
