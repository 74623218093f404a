"""What a server can do and what it cannot, in sentences for people."""

from typing import TYPE_CHECKING

from kimidesk.checkpoints.remote.makes import Make, habits_of

if TYPE_CHECKING:
    from kimidesk.checkpoints.remote.describing import Server


def stated(server: "Server") -> tuple[str, ...]:
    """A sentence each: the way it is asked, what is told of tokens, thinking, draws, pictures."""
    return (
        *_way(server),
        _told(server),
        *_thinking(server),
        "takes temperature and top-p" if server.shown.draws else "draws as it wills",
        _vision(server),
        "takes no adapters",
    )


def _way(server: "Server") -> tuple[str, ...]:
    raw = server.raw
    if not raw.used:
        return (
            f"is asked by messages (/chat/completions): {raw.why_not}",
            "so no forks, replay, probes, soft landing or steering",
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
    return (f"is asked by prompts made here (/completions), {how}", rates)


def _told(server: "Server") -> str:
    shown, raw = server.shown, server.raw
    rivals = raw.rivals if raw.used else shown.rivals
    if rivals:
        return f"log-probabilities with {rivals} rivals a token; the entropy is an interval"
    if shown.logprobs and not raw.used:
        return "log-probabilities of the drawn tokens alone"
    return "tells no log-probabilities: no entropy, no rivals, no heat"


def _thinking(server: "Server") -> tuple[str, ...]:
    habits = habits_of(server.make)
    if server.raw.used:
        return ("a thinking budget is kept here, to the token; soft landing, answer now, keep on",)
    return (
        f"a thinking budget is kept by the server ({habits.budget})"
        if habits.budget
        else "a thinking budget cannot be kept",
        "thinking can be switched" if habits.switch else "thinking cannot be switched",
    )


def _vision(server: "Server") -> str:
    if not server.info.vision:
        return "takes no pictures"
    known = "takes pictures" if server.make is Make.LLAMA else "takes pictures where the model does"
    return f"{known}, by messages" if server.raw.used else known
