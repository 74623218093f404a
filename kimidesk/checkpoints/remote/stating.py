"""What a server can do and what it cannot, in sentences for people."""

from kimidesk.checkpoints.remote.budgets import keeping_of
from kimidesk.checkpoints.remote.makes import Make, habits_of
from kimidesk.checkpoints.remote.raw import Raw
from kimidesk.checkpoints.remote.trying import Shown


def stated(make: Make, shown: Shown, raw: Raw, *, sees: bool) -> tuple[str, ...]:
    """A sentence each: the way it is asked, what is told of tokens, thinking, draws, pictures."""
    return (
        *_way(raw),
        _told(shown, raw),
        *_thinking(make, shown, raw),
        "takes temperature and top-p" if shown.draws else "draws as it wills",
        _vision(make, raw) if sees else "takes no pictures",
        "takes no adapters",
    )


def _way(raw: Raw) -> tuple[str, ...]:
    if not raw.used:
        return (
            f"is asked by messages (/chat/completions): {raw.why_not}",
            "so no forks, replay, probes, soft landing or steering, and a broken stream is the end",
        )
    how = (
        "as token ids: forks and probes begin at exactly the token"
        if raw.ids
        else "as text: a fork is cut into tokens anew, and words of control in a problem count"
    )
    rates = (
        "rates given texts: replay and candidates"
        if raw.echo
        else "rates no given text: no replay, no candidates, no numbers for forced tokens"
    )
    back = (
        "a trace whose stream breaks goes on from its last token, where the same model comes back"
    )
    return (f"is asked by prompts made here (/completions), {how}", rates, back)


def _told(shown: Shown, raw: Raw) -> str:
    rivals = raw.rivals if raw.used else shown.rivals
    if rivals:
        return f"log-probabilities with {rivals} rivals a token; the entropy is an interval"
    if shown.logprobs and not raw.used:
        return "log-probabilities of the drawn tokens alone"
    return "tells no log-probabilities: no entropy, no rivals, no heat"


def _thinking(make: Make, shown: Shown, raw: Raw) -> tuple[str, ...]:
    if raw.used:
        return ("a thinking budget is kept here, to the token; soft landing, answer now, keep on",)
    keeping = keeping_of(make, effort=shown.effort)
    switched = "can" if habits_of(make).switch else "cannot"
    if keeping is None:
        kept = "a thinking budget cannot be kept"
    elif keeping.counts:
        kept = f"a thinking budget is kept by the server ({keeping.field})"
    else:
        kept = f"a thinking budget becomes an effort ({keeping.field}); nobody counts its tokens"
    return (kept, f"thinking {switched} be switched")


def _vision(make: Make, raw: Raw) -> str:
    known = "takes pictures" if make is Make.LLAMA else "takes pictures where the model does"
    return f"{known}, by messages" if raw.used else known
