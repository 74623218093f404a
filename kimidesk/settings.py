"""Where things live, and what a person has set.

`KIMIDESK_HOME` moves every folder under one; without it they follow the platform's rules.
"""

import math
import os
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path

import msgspec
import platformdirs
import tomli_w

from kimidesk.errors import BadSettings

HOME_VARIABLE = "KIMIDESK_HOME"
AUTO_LAYERS = -1  # on graphics cards: as many as fit into what they have free
AUTO_SLOTS = 0  # two traces at once where there is ample memory for it, else one
ALL_LAYERS = -2  # all of them; where they do not fit the checkpoint is not opened


def _folder(kind: str, default: Path) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser() / kind if home else default


def data_folder() -> Path:
    """Holds `desk.db`."""
    return _folder("data", platformdirs.user_data_path("kimidesk", appauthor=False))


def cache_folder() -> Path:
    """Holds fetched checkpoints, under `models/`."""
    return _folder("cache", platformdirs.user_cache_path("kimidesk", appauthor=False))


def config_folder() -> Path:
    """Holds `settings.toml`."""
    return _folder("config", platformdirs.user_config_path("kimidesk", appauthor=False))


def dialects_folder() -> Path:
    """Holds the dialects that a person wrote, `*.toml`; it need not exist."""
    return config_folder() / "dialects"


def catalog_file() -> Path:
    """Holds the checkpoints that a person added to the catalog; it need not exist."""
    return config_folder() / "catalog.toml"


def assets_folder() -> Path:
    """The suites, icons and translations that ship with the program."""
    package = Path(__file__).resolve().parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"


Values = dict[str, float | int | str]
"""Fields of a record by their names, as far as they differ from its defaults; -1 = no limit."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is opened beside one checkpoint."""

    draft: str = ""  # who guesses tokens ahead: "" nobody, "ngram", or a smaller checkpoint's file
    guesses: int = 8  # at most so many ahead
    projector: str = ""  # what turns pictures into tokens: "" the one found, "none", or a file
    adapters: tuple[tuple[str, float], ...] = ()  # file or folder, and its share
    image_min_tokens: int = 0  # of a picture; 0 = as the projector has it
    image_max_tokens: int = 0  # likewise


@dataclass(frozen=True, slots=True)
class Manners:
    """How one server is treated."""

    requests_per_minute: int = 0  # begun at most; 0 = as many as are wanted
    tokens_per_minute: int = 0  # read and written; where so many were, a request waits; 0 = any
    connect_s: float = 10.0  # until a connection stands
    first_token_s: float = 600.0  # a queue, a long prompt, a thought that is not shown
    between_tokens_s: float = 120.0
    tries: int = 5  # requests in a row that bring no token, until a trace has failed
    chat_template: str = ""  # a file (Jinja) that holds its model's, where the server tells none

    def check(self, host: str) -> "Manners":
        """Return self, or raise BadSettings that names the field and what it may be."""
        for name in ("requests_per_minute", "tokens_per_minute"):
            if getattr(self, name) < 0:
                raise BadSettings(
                    f"{name} of {host} is {getattr(self, name)}; it must be 0 or more"
                )
        if self.tries < 1:
            raise BadSettings(f"tries of {host} is {self.tries}; it must be 1 or more")
        for name in ("connect_s", "first_token_s", "between_tokens_s"):
            if not 0 < getattr(self, name) < math.inf:
                raise BadSettings(f"{name} of {host} is {getattr(self, name)}; it must be above 0")
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings file; every field has a default and the file holds only what differs."""

    checkpoint: str = "smollm2-135m"  # opened first
    theme: str = "system"  # system, light, dark
    language: str = "system"  # system, en, zh_CN
    heat: str = "entropy"  # entropy, probability, off
    raw: bool = False  # formulas are shown as their source
    threads: int = 0  # 0 = one fewer than the physical cores
    gpu_layers: int = AUTO_LAYERS  # on graphics cards; see AUTO_LAYERS and ALL_LAYERS
    context: int = 4096  # tokens a trace may use
    keep_gb: float = 0.0  # room on disk for what traces have evaluated; 0 keeps none
    slots: int = AUTO_SLOTS  # traces that the window's checkpoint may grow at once
    probe_live: bool = False  # ask a growing trace for its answer at the end of each sentence
    kv_type: str = "f16"  # how the window's checkpoint keeps keys and values
    flash: str = "auto"  # its flash attention: auto, on, off
    thinking: str = "auto"  # what the window asks of the chat template: auto, long, short
    sampling: Values = field(default_factory=dict)  # as the window drew the last time
    budget: Values = field(default_factory=dict)  # likewise
    beside: dict[str, Beside] = field(
        default_factory=dict
    )  # by the checkpoint as a person named it
    segmenter: str = ""  # who names sentences: "" the one that ships, or a file (.npz)
    annotator: str = ""  # the name that labels are kept under
    blind: bool = False  # whether the labels of other annotators are hidden
    runs: list[str] = field(
        default_factory=list
    )  # folders that the Score page looked at, the last first
    servers: dict[str, Manners] = field(default_factory=dict)  # by host, its port where it has one

    def check(self) -> "Settings":
        """Return self, or raise BadSettings that names the field and what it may be."""
        _one_of("theme", self.theme, ("system", "light", "dark"))
        _one_of("language", self.language, ("system", "en", "zh_CN"))
        _one_of("heat", self.heat, ("entropy", "probability", "off"))
        _one_of("flash", self.flash, ("auto", "on", "off"))
        _one_of("thinking", self.thinking, ("auto", "long", "short"))
        if self.threads < 0:
            raise BadSettings(f"threads is {self.threads}; it must be 0 or more")
        if self.slots < AUTO_SLOTS:
            raise BadSettings(
                f"slots is {self.slots}; it must be 1 or more, or {AUTO_SLOTS} for two where there "
                "is memory for it"
            )
        if self.gpu_layers < ALL_LAYERS:
            raise BadSettings(
                f"gpu_layers is {self.gpu_layers}; it must be 0 or more, {AUTO_LAYERS} for as "
                f"many as fit, or {ALL_LAYERS} for all"
            )
        if not 0 <= self.keep_gb < math.inf:
            raise BadSettings(f"keep_gb is {self.keep_gb}; it must be 0 or more")
        if self.context < 0:
            raise BadSettings(f"context is {self.context}; it must be 0 or more")
        for host, manners in self.servers.items():
            manners.check(host)
        return self


def settings_file() -> Path:
    """`settings.toml`, which need not exist."""
    return config_folder() / "settings.toml"


def load(path: Path | None = None) -> Settings:
    """Read the settings; a missing file means the defaults.

    Raises BadSettings for a file that is not TOML, an unknown name, or a value out of range.
    """
    path = path or settings_file()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not TOML: {error}", hint="Mend it, or delete it.") from error
    known = [each.name for each in fields(Settings)]
    for name in table:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise BadSettings(
                f"{path}: there is no setting {name!r}",
                hint=f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}.",
            )
    try:
        return msgspec.convert(table, Settings).check()
    except msgspec.ValidationError as error:
        raise BadSettings(f"{path}: {error}", hint="Mend the line, or remove it.") from error


def save(settings: Settings, path: Path | None = None) -> None:
    """Write what differs from the defaults, atomically; raises OSError."""
    path = path or settings_file()
    defaults = asdict(Settings())
    table = {name: value for name, value in asdict(settings).items() if value != defaults[name]}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(tomli_w.dumps(table), "utf-8")
    draft.replace(path)


def changed(settings: Settings, **values: object) -> Settings:
    """A copy with some values changed, checked."""
    return replace(settings, **values).check()  # type: ignore[arg-type]  # checked by `check`


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        near = get_close_matches(value, allowed, 1)
        raise BadSettings(
            f"{name} is {value!r}; it must be one of {', '.join(allowed)}",
            hint=f"Did you mean {near[0]!r}?" if near else "",
        )
