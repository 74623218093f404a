"""Belief: what a checkpoint believes to be the answer, along one trace.

First it is asked for its answer at a few boundaries of segments, under each cue, and the right one
is rated there; where neighbours differ, the boundaries between them are halved until the place of
the change is known, the last one first: so the commit point takes the fewest probes. Then the
answers that were found are judged, and those worth it become candidates; at last every spelling of
each is rated at each place. What an earlier flow measured is not measured again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from kimidesk.flows.asking import is_chinese
from kimidesk.flows.probe import CUE, MOST, Ask, Forced, Probe
from kimidesk.grading.spelling import answer_key, spellings
from kimidesk.records import Beliefs, Candidate, Grown, Judgement, Rating, Trial
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed, Judge, Judged

CUES = (CUE, "**Final Answer**\n\n\\[ \\boxed{")  # that of Thought Anchors, and Dynasor's
CUES_ZH = ("最终答案是 \\boxed{", "**最终答案**\n\n\\[ \\boxed{")
FIRST = 24  # places, before any boundary between two is looked at
MOST_PLACES = 48
MOST_OTHERS = 4  # candidates beside the right one
MOST_SPELLINGS = 4  # of one
LONGEST = 48  # characters of an answer that is worth rating


class Stage(StrEnum):
    """What is being asked."""

    TRIALS = "trials"
    JUDGING = "judging"
    RATINGS = "ratings"
    DONE = "done"


class Belief:
    """Event in, commands out; `beliefs` is what has come so far.

    `seconds` is for whoever drives it to set: a flow has no clock.
    """

    def __init__(
        self,
        grown: Grown,
        boundaries: Sequence[int],
        *,
        gold: str = "",
        cues: Sequence[str] = (),
        candidates: Sequence[str] = (),
        known: Beliefs | None = None,
        at: Sequence[int] | None = None,
        slots: int = 1,
        most: int = MOST_PLACES,
        apart: bool = False,
    ) -> None:
        """`candidates` are rated whether they are given or not; `at` asks at these places alone.

        `most` places at most are asked else. `apart`: beside a growing trace, see `Attempt`.
        Raises ValueError for places outside the trace.
        """
        self._grown, self._gold, self._slots, self._apart = grown, gold, slots, apart
        self._cues = tuple(cues) or cues_for(grown)
        known = known if known is not None and known.cues == self._cues else Beliefs()
        self._boundaries = tuple(sorted({*boundaries, *known.boundaries}))
        self._trials = {(each.at, each.cue): each for each in known.trials if not each.trouble}
        self._ratings = {
            (each.at, each.cue, each.spelling): each for each in known.ratings if not each.trouble
        }
        self._refines = at is None
        self._most = most
        self._places = sorted(set(at)) if at is not None else self._first_places()
        self._before = (known.tokens, known.seconds)
        self._tokens = 0
        self.seconds = 0.0
        self.stage = Stage.TRIALS
        self.trouble = ""
        self._candidates: tuple[Candidate, ...] = known.candidates
        self._named = tuple(candidates)
        self._candidates = self._worth_rating()  # the right one is rated from the first place on
        self._judged: dict[str, Judgement | None] = {
            each.text: each.judgement for each in known.trials if each.judgement is not None
        }
        self._judging: dict[str, str] = {}  # the id of a judgement → the answer
        self._probe: Probe | None = None
        self._taken = 0  # answers of the probe
        self._cue_ids: dict[str, tuple[int, ...]] = {}

    @property
    def done(self) -> bool:
        return self.stage is Stage.DONE

    @property
    def beliefs(self) -> Beliefs:
        """All that is known by now, what was known before included."""
        tokens, seconds = self._before
        return Beliefs(
            self._boundaries,
            self._cues,
            self._candidates,
            tuple(self._trials[key] for key in sorted(self._trials)),
            tuple(self._ratings[key] for key in sorted(self._ratings)),
            tokens + self._tokens,
            seconds + self.seconds,
        )

    @property
    def progress(self) -> float:
        """The part of what is asked in this stage that has come; places may join them."""
        if self._probe is None or not self._probe.results:
            return 0.0
        return len(self._probe.answered) / len(self._probe.results)

    def start(self) -> list[AnyCommand]:
        """Ask for the first answers."""
        return self._go_on()

    def stop(self) -> list[AnyCommand]:
        """Ask nothing more; what has come is kept."""
        commands = self._probe.stop() if self._probe is not None else []
        self._take()
        self._end("stopped")
        return commands

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; events of other traces change nothing."""
        match event:
            case Judged(trace=id_) if id_ in self._judging:
                self._learn(self._judging.pop(id_), event.verdict.judgement)
                return self._go_on() if not self._judging else []
            case Failed(trace=None):
                self._end(event.what)
                return []
        if self._probe is None:
            return []
        commands = self._probe.on(event)
        self._take()
        if self._probe.done:
            self._probe = None
            commands += self._go_on()
        return commands

    def _go_on(self) -> list[AnyCommand]:
        """The next questions, of this stage or the one after it."""
        while self.stage is not Stage.DONE:
            commands = self._questions()
            if commands:
                return commands
            stages = list(Stage)
            self.stage = stages[stages.index(self.stage) + 1]
        return []

    def _questions(self) -> list[AnyCommand]:
        match self.stage:
            case Stage.TRIALS:
                return self._ask_trials()
            case Stage.JUDGING:
                return self._ask_judge()
            case _:
                self._candidates = self._worth_rating()
                return self._ask()

    def _ask_trials(self) -> list[AnyCommand]:
        while True:
            if commands := self._ask():
                return commands
            more = self._between() if self._refines else []
            if not more:
                return []
            self._places = sorted({*self._places, *more})

    def _ask(self) -> list[AnyCommand]:
        """What is not known of the candidates, and in the first stage of the answers."""
        known = {Ask(at, self._cues[cue], None) for at, cue in self._trials}
        known |= {Ask(at, self._cues[cue], each) for at, cue, each in self._ratings}
        self._probe = Probe(
            self._grown,
            self._places,
            cues=self._cues,
            candidates=[each for one in self._candidates for each in one.spellings],
            drawn=self.stage is Stage.TRIALS,
            slots=self._slots,
            known=known,
            apart=self._apart,
            cue_ids=self._cue_ids,
        )
        self._taken = 0
        commands = self._probe.start()
        if not commands:
            self._probe = None
        return commands

    def _take(self) -> None:
        """What the probe has answered since."""
        if self._probe is None:
            return
        for result in self._probe.answered[self._taken :]:
            self._tokens += result.evaluated
            cue = self._cues.index(result.cue)
            if result.candidate is None:
                self._trials[result.at, cue] = self._trial(result, cue)
            else:
                made = Rating(result.at, cue, result.candidate, result.logprob, result.trouble)
                self._ratings[result.at, cue, result.candidate] = made
        self._taken = len(self._probe.answered)

    def _trial(self, result: Forced, cue: int) -> Trial:
        return Trial(
            result.at,
            cue,
            result.text,
            answer_key(result.text) if result.text else "",
            result.logprob,
            result.confidence,
            result.tokens,
            self._judged.get(result.text),
            result.trouble,
        )

    def _first_places(self) -> list[int]:
        """Spread over the boundaries, with the first and the last; what is known comes free."""
        there = {at for at, _ in self._trials} & set(self._boundaries)
        return sorted({*spread(self._boundaries, min(FIRST, self._most)), *there})

    def _between(self) -> list[int]:
        """A boundary halfway between each two places that answer differently, the last first."""
        room, more = self._most - len(self._places), list[int]()
        gaps = list(zip(self._places, self._places[1:], strict=False))
        for left, right in reversed(gaps):
            if self._key_at(left) == self._key_at(right) or len(more) >= room:
                continue
            inside = [at for at in self._boundaries if left < at < right]
            if inside:
                more.append(inside[len(inside) // 2])
        return more

    def _key_at(self, place: int) -> str:
        trial = self._trials.get((place, 0))
        return trial.key if trial is not None else ""

    def _ask_judge(self) -> list[AnyCommand]:
        """What equals the expected answer by value needs no grader; equal ones are asked once."""
        if not self._gold or self._judging:
            return []
        self._learn_equal()
        texts = {
            each.key: each.text
            for each in self._trials.values()
            if each.text and each.text not in self._judged
        }
        self._judging = {
            f"{self._grown.trace.id}={key}": text for key, text in sorted(texts.items())
        }
        expected = self._gold
        return [Judge(id_, f"\\boxed{{{text}}}", expected) for id_, text in self._judging.items()]

    def _learn_equal(self) -> None:
        gold = answer_key(self._gold)
        for text in {each.text for each in self._trials.values() if each.key == gold}:
            self._learn(text, Judgement.RIGHT)

    def _learn(self, text: str, judgement: Judgement) -> None:
        """A verdict on an answer, and on all with its key."""
        key = answer_key(text)
        for place, trial in self._trials.items():
            if trial.text and trial.key == key:
                self._judged[trial.text] = judgement
                self._trials[place] = replace(trial, judgement=judgement)

    def _worth_rating(self) -> tuple[Candidate, ...]:
        """The right answer, then those that were given most often, what was known before first."""
        trials = [
            self._trials[key]
            for key in sorted(self._trials)
            if 0 < len(self._trials[key].text) <= LONGEST
        ]
        counts = Counter(each.key for each in trials)
        kept = [each for each in self._candidates if each.right is not True or not self._gold]
        made: list[Candidate] = []
        if self._gold:
            alike = [each.text for each in trials if each.judgement is Judgement.RIGHT]
            spelled = _spelled(self._gold, alike)
            made.append(Candidate(self._gold, answer_key(self._gold), spelled, True))
        made += [
            Candidate(each, answer_key(each), _spelled(each, ()))
            for each in self._named
            if answer_key(each) not in {one.key for one in made}
        ]
        known = {each.key for each in (*made, *kept)}
        wrong = [each for each in trials if each.judgement is not Judgement.RIGHT]
        last = [each.key for each in trials if each.cue == 0][-1:]  # what it ends with comes first
        for key in (*last, *(key for key, _ in counts.most_common())):
            texts = [each.text for each in wrong if each.key == key]
            if not texts or key in known or len(kept) >= MOST_OTHERS:
                continue
            name = Counter(texts).most_common(1)[0][0]
            right = False if self._gold else None
            kept.append(Candidate(name, key, _spelled(name, texts), right))
            known.add(key)
        names = {each.key for each in made}
        return (*made, *(each for each in kept if each.key not in names))

    def _end(self, why: str) -> None:
        if self.stage is not Stage.DONE:
            self.stage, self.trouble = Stage.DONE, why
        self._probe, self._judging = None, {}


def cues_for(grown: Grown) -> tuple[str, ...]:
    """Two cues in the language of the problem: how a question is put changes the answer."""
    return CUES_ZH if is_chinese(grown.trace.problem.text) else CUES


def room_for(grown: Grown) -> int:
    """Tokens of context that a probe at the end of a trace may take beyond it."""
    return max(len(cue.encode()) for cue in cues_for(grown)) + MOST + LONGEST


def spread(places: Sequence[int], count: int) -> list[int]:
    """At most `count` of `places` at even distances, with the first and the last."""
    if len(places) <= count:
        return list(places)
    last = len(places) - 1
    return (
        [places[round(n * last / (count - 1))] for n in range(count)]
        if count > 1
        else [places[last]]
    )


def _spelled(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The usual spellings of an answer, and those in which it was given, most frequent first."""
    found = [text for text, _ in Counter(texts).most_common()]
    return tuple(dict.fromkeys((*spellings(name), *found)))[:MOST_SPELLINGS]
