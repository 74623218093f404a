"""Benchmarks that are known by name: what they are, which files hold them, where they come from."""

import os
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path

from kimidesk.errors import BadData
from kimidesk.settings import assets_folder, data_folder

_GITHUB = "https://raw.githubusercontent.com"
_HUB = "https://huggingface.co/datasets"
_ENDINGS = (".jsonl", ".jsonl.gz", ".json", ".parquet", ".csv")


@dataclass(frozen=True, slots=True)
class Preset:
    """A benchmark; `files` are patterns of the path's end, the most telling first."""

    name: str
    title: str
    problems: int
    language: str
    licence: str
    files: tuple[str, ...]
    source: str = ""  # an address that `data pull` fetches; "" where there is none

    @property
    def target(self) -> str:
        """What a fetched file is called."""
        ending = next((each for each in _ENDINGS if self.source.endswith(each)), ".jsonl")
        return f"{self.name}{ending}"


def _qwen(name: str) -> str:
    return f"{_GITHUB}/QwenLM/Qwen2.5-Math/main/evaluation/data/{name}/test.jsonl"


def _nemo(name: str) -> str:
    return f"{_GITHUB}/NVIDIA/NeMo-Skills/main/nemo_skills/dataset/{name}/test.txt"


PRESETS = (
    Preset("math500", "MATH-500", 500, "en", "MIT",
           ("math500*", "math_500*", "math-500*", "math_oai/test.jsonl", "MATH-500/test.*"),
           f"{_HUB}/HuggingFaceH4/MATH-500/resolve/main/test.jsonl"),
    Preset("math", "MATH, test", 5000, "en", "MIT",
           ("math_test*", "math/test.jsonl", "MATH/test.*"), _qwen("math")),
    Preset("aime24", "AIME 2024", 30, "en", "problems © MAA",
           ("aime24*", "aime_2024*", "aime2024*", "aime24/test.*"), _nemo("aime24")),
    Preset("aime25", "AIME 2025", 30, "en", "problems © MAA",
           ("aime25*", "aime_2025*", "aime2025*", "aime25/test.*"), _nemo("aime25")),
    Preset("amc23", "AMC 2023", 40, "en", "problems © MAA", ("amc23*", "amc_23*"), _qwen("amc23")),
    Preset("gsm8k", "GSM8K, test", 1319, "en", "MIT",
           ("gsm8k_test*", "gsm8k*test*", "gsm8k/test.*", "gsm8k*"),
           f"{_GITHUB}/openai/grade-school-math/master/grade_school_math/data/test.jsonl"),
    Preset("olympiadbench", "OlympiadBench, English open-ended maths", 675, "en", "MIT",
           ("olympiadbench*",), _qwen("olympiadbench")),
    Preset("minerva", "Minerva (MIT OpenCourseWare)", 272, "en", "MIT", ("minerva*",),
           _qwen("minerva_math")),
    Preset("cmath", "CMATH", 1098, "zh", "CC BY 4.0", ("cmath*",), _qwen("cmath")),
    Preset("mgsm-zh", "MGSM, Chinese", 250, "zh", "CC BY-SA 4.0", ("mgsm_zh*", "mgsm-zh*"),
           f"{_GITHUB}/deepseek-ai/DeepSeek-Math/main/evaluation/datasets/mgsm_zh/mgsm_zh.jsonl"),
    Preset("gaokao-qa", "Gaokao, options (AGIEval)", 351, "zh", "MIT", ("gaokao*qa*",),
           _qwen("gaokao_math_qa")),
    Preset("gaokao-cloze", "Gaokao, cloze (AGIEval)", 118, "zh", "MIT", ("gaokao*cloze*",),
           _qwen("gaokao_math_cloze")),
    Preset("gaokao2024", "Gaokao 2024, mixed", 91, "zh", "MIT", ("gaokao2024*",),
           _qwen("gaokao2024_mix")),
    Preset("gaokao2023en", "Gaokao 2023 in English", 383, "en", "MIT", ("gaokao2023en*",),
           _qwen("gaokao2023en")),
    Preset("cn-middle-school", "Chinese middle school", 101, "zh", "MIT",
           ("cn_middle_school*", "cn-middle-school*"), _qwen("cn_middle_school")),
    Preset("sat", "SAT, mathematics", 32, "en", "MIT", ("sat_math*", "sat*"), _qwen("sat_math")),
    Preset("mawps", "MAWPS, multiple arithmetic", 600, "en", "MIT", ("mawps*multiarith*", "mawps*"),
           f"{_GITHUB}/QwenLM/Qwen2.5-Math/main/evaluation/data/mawps/multiarith.jsonl"),
    Preset("humaneval", "HumanEval", 164, "Python", "MIT", ("humaneval.jsonl*", "humaneval*"),
           f"{_GITHUB}/openai/human-eval/master/data/HumanEval.jsonl.gz"),
    Preset("mbpp", "MBPP, test", 500, "Python", "CC BY 4.0", ("mbpp*",),
           f"{_HUB}/google-research-datasets/mbpp/resolve/main/full/test-00000-of-00001.parquet"),
    Preset("mathvision", "MATH-Vision, testmini, with pictures", 304, "en", "MIT",
           ("mathvision/testmini*", "mathvision*", "math-v*/testmini*", "math_vision*")),
    Preset("mathvista", "MathVista, testmini, with pictures", 1000, "en", "CC BY-SA 4.0",
           ("mathvista*", "mathvista/testmini*"),
           f"{_HUB}/AI4Math/MathVista/resolve/main/data/testmini-00000-of-00001-725687bf7a18d64b.parquet"),
    Preset("mmmu", "MMMU, a subject's validation, with pictures", 30, "en", "Apache-2.0",
           ("mmmu*",), f"{_HUB}/MMMU/MMMU/resolve/main/Math/validation-00000-of-00001.parquet"),
)  # fmt: skip
BY_NAME = {preset.name: preset for preset in PRESETS}
_OTHER_NAMES = {"math-500": "math500", "aime2024": "aime24", "aime2025": "aime25", "amc": "amc23",
                "minerva-math": "minerva", "math-v": "mathvision", "mgsm": "mgsm-zh",
                "olympiad": "olympiadbench", "human-eval": "humaneval"}  # fmt: skip


def own_suites() -> dict[str, Path]:
    """Suites that come with the program, by name."""
    folder = assets_folder() / "suites"
    return {path.stem.replace("_", "-"): path for path in sorted(folder.glob("*.jsonl"))}


def folders(told: Path | None = None) -> tuple[Path, ...]:
    """Where benchmarks are looked for: where a person says, `KIMIDESK_DATA`, the data folder."""
    environment = os.environ.get("KIMIDESK_DATA")
    every = (told, Path(environment) if environment else None, data_folder() / "benchmarks")
    return tuple(folder for folder in every if folder is not None)


def find(name: str, told: Path | None = None) -> Path | None:
    """The file of a preset in the folders; None where none has it."""
    preset = BY_NAME[canonical(name)]
    for folder in folders(told):
        files = [path for path in sorted(folder.rglob("*")) if path.name.endswith(_ENDINGS)]
        for pattern in preset.files:
            for path in files:
                if _fits(path, folder, pattern):
                    return path
    return None


def _fits(path: Path, folder: Path, pattern: str) -> bool:
    place = path.relative_to(folder).as_posix().lower()
    return fnmatch(f"/{place}", f"*/{pattern.lower()}") and "sample" not in path.name


def canonical(name: str) -> str:
    """The name of a preset as we write it; raises BadData with what is near."""
    known = name.lower().replace("_", "-").removesuffix("-test")
    known = _OTHER_NAMES.get(known, known)
    if known in BY_NAME:
        return known
    near = get_close_matches(known, [*BY_NAME, *own_suites()], 1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise BadData(
        f"there is no file and no benchmark named {name}",
        hint=f"{hint}`kimidesk data list` shows all of them.",
    )


def resolve(ref: str, told: Path | None = None) -> Path:
    """The file that a person means: a path, a folder with one, a preset, a suite of ours.

    Raises BadData, with what to do where a known benchmark is not here.
    """
    path = Path(ref)
    if path.is_dir():
        return _only(path)
    if path.exists() or path.name.endswith(_ENDINGS) or len(path.parts) > 1:
        return path
    if ref.lower().replace("_", "-") in own_suites():
        return own_suites()[ref.lower().replace("_", "-")]
    found = find(ref, told)
    if found is not None:
        return found
    preset = BY_NAME[canonical(ref)]
    fetch = f"`kimidesk data pull {preset.name}` fetches it ({preset.source}), or put"
    raise BadData(
        f"{preset.title} is in none of {', '.join(map(str, folders(told)))}",
        hint=f"{fetch if preset.source else 'Put'} its file there, or name it: --data FILE.",
    )


def _only(folder: Path) -> Path:
    """The data file of a folder; of several the test split."""
    files = [path for path in sorted(folder.rglob("*")) if path.name.endswith(_ENDINGS)]
    files = [path for path in files if path.name not in ("dataset_info.json", "state.json")]
    tests = [path for path in files if "test" in path.name or "validation" in path.name]
    for choice in (files, tests):
        if len(choice) == 1:
            return choice[0]
    named = ", ".join(path.relative_to(folder).as_posix() for path in files[:5])
    raise BadData(
        f"{folder} holds {len(files)} data files" + (f": {named}" if files else ""),
        hint="Name the one to read.",
    )
