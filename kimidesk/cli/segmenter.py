"""`kimidesk segmenter`: what names sentences, and making it better with one's own labels."""

from collections.abc import Sequence
from pathlib import Path

import click

from kimidesk import settings
from kimidesk.cli.terminal import plain
from kimidesk.errors import BadData, StoreError, UsageError
from kimidesk.reading.agreement import cohen_kappa
from kimidesk.reading.segments import segments
from kimidesk.reading.segments.adapting import adapted
from kimidesk.reading.segments.agreed import known
from kimidesk.reading.segments.chinese import is_chinese
from kimidesk.reading.segments.model import (
    Model,
    chosen_file,
    current,
    fingerprint,
    load,
    save,
    shipped_file,
)
from kimidesk.reading.segments.sentences import sentences
from kimidesk.reading.segments.training import Labelled, class_of, classes_of, train
from kimidesk.store.labelled import read

FOLDS = 5


@click.group(invoke_without_command=True)
@click.pass_context
def segmenter(context: click.Context) -> None:
    """What names the sentences of thoughts; alone it shows which one does."""
    if context.invoked_subcommand is None:
        context.invoke(show_segmenter)


@segmenter.command("show")
def show_segmenter() -> None:
    """Tell which segmenter is used."""
    _tell(chosen_file(), current())


@segmenter.command("train")
@click.option(
    "--labels",
    "sources",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that `trace labels --out` wrote; may be given more than once.",
)
@click.option(
    "--out",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The segmenter to write (.npz).",
)
@click.option(
    "--alone",
    is_flag=True,
    help="Learn from these labels alone, not on top of the segmenter that ships.",
)
def train_segmenter(sources: tuple[Path, ...], target: Path, *, alone: bool) -> None:
    """Make a segmenter from labels of one's own, and tell how well it does.

    It is the one that ships, moved as far as the labels ask. How well is told on texts that were
    held out, a fifth at a time. English only: Chinese is named by rules. Needs scikit-learn.
    """
    if target.suffix != ".npz":
        raise UsageError(f"{target} does not end in .npz", hint="Name the file so.")
    data = _data(sources)
    base = None if alone else load(shipped_file())
    count = sum(bool(each) for text in data for each in text.classes)
    click.echo(f"{count:,} labelled sentences of {len({each.trace for each in data})} texts")
    _measure(data, base)
    model = _made(data, base)
    try:
        save(model, target)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}") from error
    _tell(target, model)
    click.echo(f"Use it: kimidesk segmenter use {target}")


@segmenter.command("use")
@click.argument(
    "path", metavar="[FILE]", required=False, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option("--shipped", is_flag=True, help="The one that comes with the program.")
def use_segmenter(path: Path | None, *, shipped: bool) -> None:
    """Name sentences with FILE from now on, in the window and the terminal."""
    if (path is None) is not shipped:
        raise UsageError("either FILE or --shipped is needed")
    if path is None:
        chosen = shipped_file()
        model = load(chosen)
    else:
        chosen = path.resolve()
        model = _loaded(chosen)
    kept = settings.load()
    settings.save(settings.changed(kept, segmenter="" if shipped else str(chosen)))
    _tell(chosen, model)


def _loaded(path: Path) -> Model:
    try:
        return load(path)
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or error
        raise BadData(
            f"{path} cannot be used: {why}",
            hint="It must be what `kimidesk segmenter train` wrote.",
        ) from error


def _tell(path: Path, model: Model) -> None:
    shipped = " (ships with the program)" if path == shipped_file() else ""
    click.echo(plain(f"{path}{shipped}"))
    click.echo(
        f"fingerprint {fingerprint(path)} · {len(model.feature):,} features · "
        f"{', '.join(model.classes)}"
    )


def _data(sources: Sequence[Path]) -> list[Labelled]:
    data = []
    for source in sources:
        for each in read(source):
            for annotator, labels in each.labels.items():
                spans = [
                    {"start": one.start, "end": one.end, "kinds": [one.kind.value]}
                    for one in labels
                ]
                classes = _english(each.text, classes_of(each.text, spans))
                data.append(Labelled(each.id, annotator, True, each.text, classes))
    used = {class_ for each in data for class_ in each.classes if class_}
    if len(used) < 2:
        raise BadData(
            f"the labels of English sentences are of {len(used)} kinds; two are needed at least",
            hint="Label some more (Ctrl+Alt+L in the window). Chinese is named by rules.",
        )
    return data


def _english(text: str, classes: Sequence[str]) -> tuple[str, ...]:
    """Without those of Chinese sentences, which the model does not name."""
    cut = sentences(text)
    return tuple(
        "" if is_chinese(text[each.start : each.stop]) else class_
        for each, class_ in zip(cut, classes, strict=True)
    )


def _made(data: Sequence[Labelled], base: Model | None) -> Model:
    return train(data) if base is None else adapted(base, data)


def _measure(data: Sequence[Labelled], base: Model | None) -> None:
    """On texts that were held out; a text with two annotators is held out with both."""
    texts = sorted({each.trace for each in data})
    if len(texts) < 2:
        click.echo("how well it does cannot be told: there is only one text")
        return
    said: list[str] = []
    ours: list[str] = []
    before: list[str] = []
    for fold in range(min(FOLDS, len(texts))):
        held = set(texts[fold::FOLDS])
        left = [each for each in data if each.trace not in held]
        if len({class_ for each in left for class_ in each.classes if class_}) < 2:
            continue
        model = _made(left, base)
        for each in (each for each in data if each.trace in held):
            named = _classes(each, model)
            shipped = _classes(each, load(shipped_file()))
            for label, mine, theirs in zip(each.classes, named, shipped, strict=True):
                if label:
                    said.append(label)
                    ours.append(mine)
                    before.append(theirs)
    if said:
        click.echo(
            f"κ with the labels on texts held out: {_kappa(said, ours)} "
            f"(the one that ships: {_kappa(said, before)}), {len(said):,} sentences"
        )


def _classes(each: Labelled, model: Model) -> list[str]:
    return [class_of([one.kind.value]) for one in segments(each.text, model=model)]


def _kappa(said: Sequence[str], named: Sequence[str]) -> str:
    kappa = known(cohen_kappa(said, named))
    return "–" if kappa is None else f"{kappa:.3f}"
